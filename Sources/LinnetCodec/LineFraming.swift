// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// Lines: payloads with a delimiter behind each.
///
/// The payload is the line without its delimiter, which is written behind each that is sent. What
/// is sent is not searched: a payload that holds the delimiter is several lines to the peer.
///
/// A line is looked at once, however slowly its bytes come: the state remembers how far.
///
/// Cost: that of the search for one byte; nothing is allocated.
@frozen
public struct LineFraming: Framing, Hashable {
    /// What ends a line.
    @frozen
    public enum Delimiter: Hashable, Sendable {
        /// LF, and if CR stands right before it that belongs to it: for peers that send either. All
        /// other CRs are data. LF alone is written; a payload that ends with CR loses it at a peer
        /// that reads so too.
        case lf
        /// CR LF, and nothing else: CR and LF apart are data.
        case crlf
        /// That byte, and nothing else.
        case byte(UInt8)
    }

    public let delimiter: Delimiter
    /// The longest line in bytes, in and out; the delimiter does not count.
    public let maxLineByteCount: Int

    /// - Parameter maxLineByteCount: 0 to 2,147,483,645. 8,192 by default: more than people write
    ///   into a line, and little to hold for a peer that never ends it.
    @inlinable
    public init(delimiter: Delimiter, maxLineByteCount: Int = 8_192) {
        precondition(
            maxLineByteCount >= 0 && maxLineByteCount <= Int(Int32.max) - 2,
            "a line and its delimiter have at most 2,147,483,647 bytes"
        )
        self.delimiter = delimiter
        self.maxLineByteCount = maxLineByteCount
    }

    /// How many bytes of the next line were searched and do not end it.
    @frozen
    public struct State: BitwiseCopyable, Hashable, Sendable {
        @usableFromInline var searchedByteCount: UInt32

        /// The state between two lines.
        @inlinable
        public init() {
            searchedByteCount = 0
        }
    }

    /// Why the bytes are not a line.
    @frozen
    public enum Failure: Error, Hashable, Sendable, CaseIterable {
        /// The line has more than `maxLineByteCount` bytes.
        case tooLong
        /// The direction ended within a line.
        case unterminated
    }

    @inlinable public var initialState: State { State() }

    /// CR LF may stand behind the longest line even where LF alone would do.
    @inlinable public var maxFrameByteCount: Int {
        if case .byte = delimiter { return maxLineByteCount + 1 }
        return maxLineByteCount + 2
    }

    /// O(bytes that were not searched yet), does not allocate.
    @inlinable
    public func nextFrame(
        in bytes: RawSpan,
        state: inout State
    ) throws(Failure) -> FrameStep<NoMetadata> {
        // Behind the longest frame no delimiter helps any more.
        let end = min(bytes.byteCount, maxFrameByteCount)
        var start = Int(state.searchedByteCount)
        while let index = bytes.firstIndex(of: lastByte, in: start..<end) {
            if let lineByteCount = lineByteCount(endingAt: index, of: bytes) {
                guard lineByteCount <= maxLineByteCount else { throw .tooLong }
                state = State()
                return .frame(
                    byteCount: index + 1,
                    payload: 0..<lineByteCount,
                    metadata: NoMetadata()
                )
            }
            start = index + 1
        }
        // A CR at the end may be the delimiter's.
        let isOpen = acceptsCR && end > 0 && bytes.byte(at: end - 1) == Self.cr
        guard end - (isOpen ? 1 : 0) <= maxLineByteCount else { throw .tooLong }
        state.searchedByteCount = UInt32(truncatingIfNeeded: end)
        return .incomplete
    }

    public func failure(atEndBehind bytes: RawSpan, state: State) -> Failure? {
        bytes.isEmpty ? nil : .unterminated
    }

    // MARK: Lines that are sent

    @inlinable public var maxBackByteCount: Int { delimiter == .crlf ? 2 : 1 }

    @inlinable public var sendLimits: SendLimits {
        SendLimits(
            maxPayloadByteCount: maxLineByteCount + maxBackByteCount,
            backFlags: .max,
            backByteCount: maxBackByteCount
        )
    }

    /// Writes the delimiter.
    @inlinable
    public func writeBack(
        of payload: RawSpan,
        flags: UInt16,
        into back: inout MutableRawSpan
    ) -> Int {
        if delimiter == .crlf {
            back.storeLittleEndian(UInt16(Self.cr) | UInt16(Self.lf) << 8, at: 0)
            return 2
        }
        back.storeLittleEndian(lastByte, at: 0)
        return 1
    }
}

extension LineFraming {
    @usableFromInline static var cr: UInt8 { 0x0D }
    @usableFromInline static var lf: UInt8 { 0x0A }

    /// The byte that each delimiter ends with.
    @inlinable var lastByte: UInt8 {
        if case .byte(let byte) = delimiter { return byte }
        return Self.lf
    }

    /// Whether a CR before the last byte is the delimiter's.
    @inlinable var acceptsCR: Bool {
        if case .byte = delimiter { return false }
        return true
    }

    /// The length of the line whose delimiter has its last byte there, or `nil` if that byte is
    /// data.
    @inlinable
    func lineByteCount(endingAt index: Int, of bytes: RawSpan) -> Int? {
        let hasCR = acceptsCR && index > 0 && bytes.byte(at: index - 1) == Self.cr
        if hasCR { return index - 1 }
        return delimiter == .crlf ? nil : index
    }
}

extension LineFraming {
    public static var failureNames: [String] { Failure.allCases.map(\.name) }

    public static func failureIndex(_ failure: Failure) -> Int {
        Failure.allCases.firstIndex(of: failure) ?? 0
    }
}

extension LineFraming.Failure: CustomStringConvertible {
    /// What it is counted as.
    public var name: String {
        switch self {
        case .tooLong: "line-too-long"
        case .unterminated: "line-unterminated"
        }
    }

    public var description: String {
        switch self {
        case .tooLong: "\(name): a line is longer than the maximum"
        case .unterminated: "\(name): the stream ended within a line"
        }
    }
}
