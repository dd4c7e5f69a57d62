// SPDX-License-Identifier: Apache-2.0

/// What a naive decoder found in a whole direction.
public struct NaiveFrames: Hashable, Sendable {
    public var payloads: [[UInt8]] = []
    /// The name of what ended the direction, if it did not end cleanly.
    public var failure: String?

    public init(payloads: [[UInt8]] = [], failure: String? = nil) {
        self.payloads = payloads
        self.failure = failure
    }
}

/// The wires of others in the plainest way: all bytes of a direction at once, one at a time. It
/// shares no code with Linnet.
public enum NaiveFraming: Hashable, Sendable {
    /// Lines that end with the last of `delimiter`: all of it is the delimiter if it stands there;
    /// the last byte alone is one too if `isLenient`.
    case line(delimiter: [UInt8], isLenient: Bool, maxByteCount: Int)
    case length(width: Int, isBig: Bool, countsItself: Bool, maxByteCount: Int)

    public func decode(_ stream: [UInt8]) -> NaiveFrames {
        switch self {
        case .line(let delimiter, let isLenient, let max):
            lines(of: stream, delimiter, isLenient: isLenient, max)
        case .length(let width, let isBig, let countsItself, let max):
            blocks(of: stream, width, isBig: isBig, countsItself ? width : 0, max)
        }
    }

    private func lines(
        of stream: [UInt8],
        _ delimiter: [UInt8],
        isLenient: Bool,
        _ maxByteCount: Int
    ) -> NaiveFrames {
        var found = NaiveFrames()
        var line: [UInt8] = []
        for byte in stream {
            line.append(byte)
            if line.suffix(delimiter.count) == delimiter[...] {
                line.removeLast(delimiter.count)
            } else if isLenient, byte == delimiter.last {
                line.removeLast()
            } else {
                // What may be the beginning of a delimiter is no part of the line yet.
                let isOpen = delimiter.count == 2 && byte == delimiter.first
                if line.count - (isOpen ? 1 : 0) <= maxByteCount { continue }
            }
            if line.count > maxByteCount {
                found.failure = "line-too-long"
                return found
            }
            found.payloads.append(line)
            line = []
        }
        if !line.isEmpty { found.failure = "line-unterminated" }
        return found
    }

    private func blocks(
        of stream: [UInt8],
        _ width: Int,
        isBig: Bool,
        _ ownByteCount: Int,
        _ maxByteCount: Int
    ) -> NaiveFrames {
        var found = NaiveFrames()
        var rest = stream[...]
        while rest.count >= width {
            let digits = isBig ? Array(rest.prefix(width)) : rest.prefix(width).reversed()
            let length = digits.reduce(0 as UInt64) { $0 * 256 + UInt64($1) }
            if length < UInt64(ownByteCount) {
                found.failure = "length-too-short"
                return found
            }
            if length - UInt64(ownByteCount) > UInt64(maxByteCount) {
                found.failure = "length-too-long"
                return found
            }
            let count = Int(length) - ownByteCount
            guard rest.count - width >= count else { break }
            found.payloads.append(Array(rest.dropFirst(width).prefix(count)))
            rest = rest.dropFirst(width + count)
        }
        if !rest.isEmpty { found.failure = "frame-truncated" }
        return found
    }

    /// A payload as it is sent.
    public func encode(_ payload: [UInt8]) -> [UInt8] {
        switch self {
        case .line(let delimiter, let isLenient, _):
            return payload + delimiter.suffix(isLenient ? 1 : delimiter.count)
        case .length(let width, let isBig, let countsItself, _):
            var rest = payload.count + (countsItself ? width : 0)
            var digits: [UInt8] = []
            for _ in 0..<width {
                digits.append(UInt8(rest % 256))
                rest /= 256
            }
            return (isBig ? digits.reversed() : digits) + payload
        }
    }
}
