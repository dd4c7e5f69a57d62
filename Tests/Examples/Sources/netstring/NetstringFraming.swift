// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Netstrings: the length in decimal digits, a colon, so many bytes, and a comma: `5:hello,`.
struct NetstringFraming: Framing {
    enum Failure: Int, Error, CaseIterable {
        case badLength, tooLong, missingComma, truncated
    }

    /// How far the length was read: those bytes are not looked at again.
    struct State: BitwiseCopyable, Sendable {
        var scannedByteCount = 0
        var payloadByteCount = 0
        var hasColon = false
    }

    var maxPayloadByteCount = 65_536

    var initialState: State { State() }
    var maxFrameByteCount: Int { maxFrontByteCount + maxPayloadByteCount + maxBackByteCount }

    func nextFrame(
        in bytes: RawSpan,
        state: inout State
    ) throws(Failure) -> FrameStep<NoMetadata> {
        while !state.hasColon {
            guard state.scannedByteCount < bytes.byteCount else { return .incomplete }
            try readLength(bytes.loadLittleEndian(at: state.scannedByteCount), &state)
        }
        let payload = state.scannedByteCount..<state.scannedByteCount + state.payloadByteCount
        guard payload.upperBound < bytes.byteCount else { return .incomplete }
        let last: UInt8 = bytes.loadLittleEndian(at: payload.upperBound)
        guard last == UInt8(ascii: ",") else { throw .missingComma }
        state = State()
        return .frame(byteCount: payload.upperBound + 1, payload: payload, metadata: NoMetadata())
    }

    private func readLength(_ byte: UInt8, _ state: inout State) throws(Failure) {
        let isFirst = state.scannedByteCount == 0
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9") where isFirst || state.payloadByteCount > 0:
            state.payloadByteCount = state.payloadByteCount * 10 + Int(byte - UInt8(ascii: "0"))
            guard state.payloadByteCount <= maxPayloadByteCount else { throw .tooLong }
        case UInt8(ascii: ":") where !isFirst: state.hasColon = true
        default: throw .badLength
        }
        state.scannedByteCount += 1
    }

    func failure(atEndBehind bytes: RawSpan, state: State) -> Failure? {
        bytes.isEmpty ? nil : .truncated
    }

    static var failureNames: [String] { ["bad-length", "too-long", "missing-comma", "truncated"] }
    static func failureIndex(_ failure: Failure) -> Int { failure.rawValue }
    static func lastWords(failureIndex: Int) -> [UInt8] { Array(failureNames[failureIndex].utf8) }
}

/// The side that writes.
extension NetstringFraming {
    var maxFrontByteCount: Int { digitCount(of: maxPayloadByteCount) + 1 }
    var maxBackByteCount: Int { 1 }

    func writeFront(
        of payload: RawSpan,
        flags: UInt16,
        state: inout NoState,
        into front: inout MutableRawSpan
    ) -> Int {
        let count = digitCount(of: payload.byteCount)
        var rest = payload.byteCount
        for offset in (0..<count).reversed() {
            front.storeLittleEndian(UInt8(ascii: "0") + UInt8(rest % 10), at: offset)
            rest /= 10
        }
        front.storeLittleEndian(UInt8(ascii: ":"), at: count)
        return count + 1
    }

    func writeBack(of payload: RawSpan, flags: UInt16, into back: inout MutableRawSpan) -> Int {
        back.storeLittleEndian(UInt8(ascii: ","), at: 0)
        return 1
    }

    private func digitCount(of number: Int) -> Int {
        var count = 1
        var rest = number / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
    }
}
