// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import LinnetBytes
internal import LinnetCodec

/// Walks through a capture from packet to packet, and finds its way again behind an error.
///
/// - A packet in error whose header is right ends where its `size` says, unless no right header
///   stands there but one does within the packet: then bytes were lost, and the packet ends before
///   it.
/// - A header that is not right, or whose `size` cannot be, is followed by the next right one.
///
/// A header is *right* if its magic and its checksum are.
struct CaptureWalk {
    private let bytes: Data
    private let framing: PacketFraming
    private var state: PacketFraming.State
    private var offset = 0
    private var packetCount = 0
    /// Bytes were skipped, and packets with them perhaps: the next number need not follow.
    private var isResuming = false
    private(set) var findings: [CaptureAnalysis.Finding] = []

    init(bytes: Data, framing: PacketFraming) {
        self.bytes = bytes
        self.framing = framing
        state = framing.initialState
    }

    mutating func run() {
        while offset < bytes.count { takePacket() }
    }

    private mutating func takePacket() {
        packetCount += 1
        let header = rightHeader(at: offset)
        var packet = PacketFinding(number: packetCount, range: offset..<offset, header: header)
        if isResuming { packet.expectedSeq = resynchronise(to: header) }
        isResuming = false
        switch check() {
        case .success(let byteCount):
            packet.range = offset..<offset + byteCount
            findings.append(.packet(packet))
            offset += byteCount
        case .failure(let error):
            takeError(error, packet)
        }
    }

    /// The judgement of the codec itself. Moves the state if the packet is right.
    private mutating func check() -> Result<Int, PacketError> {
        let rest = bytes.bytes.extracting(offset..<bytes.count)
        var next = state
        defer { state = next }
        do throws(PacketError) {
            let view = try PacketView(checking: rest, framing: framing, state: &next)
            return .success(Int(view.header.size))
        } catch {
            return .failure(error)
        }
    }

    private mutating func takeError(_ error: PacketError, _ found: PacketFinding) {
        var packet = found
        packet.error = error
        let (end, next) = extent(of: error, header: found.header)
        packet.range = offset..<end
        packet.hint = hint(for: error, in: packet)
        if let header = found.header {
            let skipped = resynchronise(to: header)
            if error.code != .badSequence { packet.expectedSeq = found.expectedSeq ?? skipped }
            state.nextSeq = header.seq &+ 1
        }
        findings.append(.packet(packet))
        if next > end {
            findings.append(.skipped(end..<next))
            isResuming = true
        }
        offset = next
    }

    /// Takes the number of a right header as the one that comes next.
    /// - Returns: the one that should have come, if it is another and the policy is strict.
    private mutating func resynchronise(to header: PacketHeader?) -> UInt64? {
        guard
            let header, framing.limits.sequencePolicy == .strict, header.seq != state.nextSeq
        else { return nil }
        defer { state.nextSeq = header.seq }
        return state.nextSeq
    }
}

extension CaptureWalk {
    /// Where a packet in error ends, and where the next one begins.
    private func extent(of error: PacketError, header: PacketHeader?) -> (end: Int, next: Int) {
        guard let header else {
            if error.code == .truncated { return (bytes.count, bytes.count) }
            return (offset, nextRightHeader(in: offset + 1..<bytes.count))
        }
        let headerEnd = offset + PacketHeader.byteCount
        guard header.size >= header.minSize else {
            return (headerEnd, nextRightHeader(in: headerEnd..<bytes.count))
        }
        let announcedEnd = offset + Int(header.size)
        let isEndRight = announcedEnd == bytes.count || rightHeader(at: announcedEnd) != nil
        let searched = headerEnd..<min(announcedEnd, bytes.count)
        let end = isEndRight ? announcedEnd : nextRightHeader(in: searched)
        return (end, end)
    }

    /// What the error alone tells, and whether the packet or the one before seems to lack bytes.
    private func hint(for error: PacketError, in packet: PacketFinding) -> String {
        let hint = ErrorHint(of: error, at: offset, in: bytes, framing: framing).text
        guard let (number, place) = headerWithin(packet) else { return hint }
        return """
            \(hint) A right header begins at offset \(place), within packet \(number): bytes of \
            that packet were lost, or its payload holds a packet.
            """
    }

    /// Where a right header stands within a packet in error; or within the packet before it, which
    /// then may have taken the beginning of this one.
    private func headerWithin(_ packet: PacketFinding) -> (packetNumber: Int, offset: Int)? {
        if let header = packet.header {
            let end = packet.range.upperBound
            let isCut = packet.range.count < Int(header.size) && end < bytes.count
            return isCut && packet.payloadRange != nil ? (packet.number, end) : nil
        }
        guard
            case .packet(let before)? = findings.last, let payload = before.payloadRange
        else { return nil }
        let place = nextRightHeader(in: payload)
        return place < payload.upperBound ? (before.number, place) : nil
    }

    /// The first offset of the range where a right header begins, or the range's end.
    private func nextRightHeader(in range: Range<Int>) -> Int {
        range.first { rightHeader(at: $0) != nil } ?? range.upperBound
    }

    private func rightHeader(at offset: Int) -> PacketHeader? {
        guard offset <= bytes.count - PacketHeader.byteCount else { return nil }
        let rest = bytes.bytes.extracting(offset..<bytes.count)
        guard
            rest.loadLittleEndian(at: PacketField.magicOffset) == framing.magic,
            rest.loadLittleEndian(at: PacketField.checksumOffset) == Checksum.header(rest)
        else { return nil }
        return PacketHeader(fieldsOf: rest)
    }
}
