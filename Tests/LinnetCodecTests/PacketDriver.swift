// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport

/// Runs the parser over a stream in all the ways in which bytes can come, and tells what came of it
/// in the words of the naive decoder.
struct PacketDriver: Sendable {
    let framing: PacketFraming
    let pool: PacketPool

    /// How the bytes of a segment get to the parser.
    enum Way: CaseIterable, Sendable {
        /// Copied in.
        case fed
        /// Read into a reactor's block, or behind the tail, and parsed in place.
        case readInPlace
        /// As `readInPlace`, but the handler pauses after each packet and refuses each once.
        case paused
    }

    static let smallClasses = [
        PacketPool.BlockClass(blockByteCount: 64, blockCount: 4, reserveCount: 1),
        PacketPool.BlockClass(blockByteCount: 512, blockCount: 4, reserveCount: 1),
        PacketPool.BlockClass(blockByteCount: 4_096, blockCount: 4, reserveCount: 1),
        PacketPool.BlockClass(blockByteCount: 1_048_576, blockCount: 4, reserveCount: 1),
    ]

    init(_ framing: PacketFraming = PacketFraming()) throws {
        self.framing = framing
        pool = try PacketPool(
            PacketPool.Configuration(blockClasses: Self.smallClasses, maxMagazineCount: 1)
        )
    }

    /// - Parameter cuts: where the stream is cut into segments, in order.
    func outcome(of stream: [UInt8], cuts: [Int] = [], way: Way = .fed) throws -> NaiveOutcome {
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var run = Run(parser: StreamParser(framing, pool: pool), framing: framing)
        var start = 0
        for end in cuts + [stream.count] where run.outcome.error == nil {
            let segment = stream[start..<end]
            start = end
            try run.take(Array(segment), way: way, from: magazine)
        }
        run.finish()
        return run.outcome
    }

    /// One direction on its way through the parser.
    private struct Run: ~Copyable {
        var parser: StreamParser<PacketFraming>
        let framing: PacketFraming
        var outcome = NaiveOutcome()
        private var refusedSeq: UInt64?

        init(parser: consuming StreamParser<PacketFraming>, framing: PacketFraming) {
            self.parser = parser
            self.framing = framing
        }

        mutating func take(
            _ segment: [UInt8],
            way: Way,
            from magazine: borrowing PacketPool.Magazine
        ) throws {
            do {
                switch way {
                case .fed: try feed(segment, from: magazine)
                case .readInPlace: try read(segment, from: magazine) { _ in .next }
                case .paused:
                    var lastRefused: UInt64?
                    try read(segment, from: magazine) { seq in
                        if seq == lastRefused { return .pause }
                        lastRefused = seq
                        return .refuse
                    }
                }
            } catch let error as PacketError {
                outcome.error = NaiveError(
                    error.code.rawValue,
                    error.field.rawValue,
                    error.byteOffset
                )
            }
        }

        mutating func finish() {
            guard let error = parser.finish(framing) else { return }
            outcome.error = NaiveError(error.code.rawValue, error.field.rawValue, error.byteOffset)
        }

        private mutating func feed(
            _ segment: [UInt8],
            from magazine: borrowing PacketPool.Magazine
        ) throws {
            var packets: [NaivePacket] = []
            defer { outcome.packets += packets }
            let taken = try parser.feed(framing, segment.rawSpan, from: magazine) { packet in
                packets.append(NaivePacket(packet))
                return .next
            }
            guard taken == segment.count else { throw Errno.noMemory }
        }

        /// What a reactor does: reads where the parser says, as much as there is room for.
        private mutating func read(
            _ segment: [UInt8],
            from magazine: borrowing PacketPool.Magazine,
            verdict: (UInt64) -> FrameVerdict
        ) throws {
            var packets: [NaivePacket] = []
            defer { outcome.packets += packets }
            let body = { (packet: borrowing PacketView) -> FrameVerdict in
                let verdict = verdict(packet.header.seq)
                if verdict != .refuse { packets.append(NaivePacket(packet)) }
                return verdict
            }
            var rest = segment[...]
            while !rest.isEmpty {
                var isPaused: Bool
                switch parser.readSpace(from: magazine) {
                case .stalled: throw Errno.noMemory
                case .anyBlock(let frontByteCount):
                    guard let block = magazine.acquire(holding: 8_192) else { throw Errno.noMemory }
                    defer { magazine.release(block) }
                    let start = 7 + frontByteCount
                    let count = min(rest.count, 8_192 - start)
                    // SAFETY: the block is held and at least 8,192 bytes long.
                    let bytes = unsafe parser.tail.memory.bytes(of: block)
                    unsafe bytes[start...].copyBytes(from: rest.prefix(count))
                    rest = rest.dropFirst(count)
                    let range = start..<start + count
                    isPaused = try parser.parse(framing, in: range, of: block, from: magazine, body)
                case .behindTail(let room):
                    let count = min(rest.count, room.count)
                    // SAFETY: the room was given for this.
                    unsafe room.copyBytes(from: rest.prefix(count))
                    rest = rest.dropFirst(count)
                    isPaused = try parser.parseTail(framing, adding: count, from: magazine, body)
                }
                while isPaused { isPaused = try parser.resume(framing, from: magazine, body) }
            }
        }
    }
}

extension NaivePacket {
    init(_ packet: borrowing PacketView) {
        self.init(
            version: packet.header.version,
            flags: packet.header.flags.rawValue,
            size: packet.header.size,
            seq: packet.header.seq,
            payload: [UInt8](packet.payload)
        )
    }
}

extension NaiveDecoder {
    init(_ framing: PacketFraming) {
        self.init()
        magic = framing.magic
        versions = framing.limits.versions
        maxPacketByteCount = framing.limits.maxPacketByteCount
        isStrict = framing.limits.sequencePolicy == .strict
    }
}
