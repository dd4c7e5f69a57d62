// SPDX-License-Identifier: Apache-2.0

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

/// Takes frames as the script says, keeps leases of some, and checks what only a handler sees.
final class Handler {
    private(set) var packets: [NaivePacket] = []
    private(set) var takenByteCount = 0
    /// Whether the last call of the parser was told to stop.
    private(set) var hasStopped = false
    private let verdicts: [Script.Verdict]
    private var callCount = 0
    private var refused: NaivePacket?
    private var leases: [KeptLease] = []
    /// Where segments began, for the canary.
    private var cuts: Set<Int> = []

    init(verdicts: [Script.Verdict]) {
        self.verdicts = verdicts
    }

    /// A segment begins here.
    func noteCut(atByte offset: Int) {
        if canaryIsPlanted { cuts.insert(offset) }
    }

    /// A call of the parser comes.
    func prepareForCall() {
        hasStopped = false
    }

    func handle(_ frame: borrowing PacketView) -> FrameVerdict {
        expect(!hasStopped, "a frame was delivered after the handler said stop")
        let packet = NaivePacket(frame)
        let verdict = nextVerdict(for: packet)
        hasStopped = verdict == .pause || verdict == .refuse
        if verdict == .refuse {
            refused = packet
            return .refuse
        }
        if verdict == .nextAndLease {
            leases.append(KeptLease(lease: frame.lease(), expected: packet.payload))
            checkLeases()
        }
        refused = nil
        takenByteCount += Int(packet.size)
        if !isLostByCanary(packet) { packets.append(packet) }
        return verdict == .pause ? .pause : .next
    }

    /// The script's, but a frame is refused once only.
    private func nextVerdict(for packet: NaivePacket) -> Script.Verdict {
        defer { callCount += 1 }
        let verdict = verdicts[callCount % verdicts.count]
        guard let refused else { return verdict }
        expectEqual(packet, refused, "a frame that was refused comes again")
        return verdict == .refuse ? .next : verdict
    }

    private func isLostByCanary(_ packet: NaivePacket) -> Bool {
        guard canaryIsPlanted, packet.payload.count == 13 else { return false }
        let start = takenByteCount - Int(packet.size)
        return (start + 1..<start + 24).contains { cuts.contains($0) }
    }

    /// The bytes of every lease are still those of the frame.
    func checkLeases() {
        for kept in leases {
            let bytes = kept.lease.withBytes { [UInt8]($0) }
            expectEqual(bytes, kept.expected, "the bytes of a lease")
        }
    }

    /// Gives the oldest lease back.
    /// - Returns: false if there is none.
    func dropOldestLease() -> Bool {
        checkLeases()
        guard !leases.isEmpty else { return false }
        leases.removeFirst()
        return true
    }
}

/// A lease, and what its bytes were when it was taken.
private final class KeptLease {
    let lease: PacketLease
    let expected: [UInt8]

    init(lease: consuming PacketLease, expected: [UInt8]) {
        self.lease = lease
        self.expected = expected
    }
}
