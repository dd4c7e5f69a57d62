// SPDX-License-Identifier: Apache-2.0

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

/// Takes frames as the script says, keeps leases of some, and checks what only a handler sees.
final class FrameHandler<F: Framing> {
    /// Whether the last call of the parser was told to stop.
    private(set) var hasStopped = false
    private var found = NaiveFrames()
    private let verdicts: [Script.Verdict]
    private var callCount = 0
    private var refused: [UInt8]?
    private var leases: [KeptLease] = []

    init(verdicts: [Script.Verdict]) {
        self.verdicts = verdicts
    }

    var payloads: [[UInt8]] { found.payloads }

    /// A call of the parser comes.
    func prepareForCall() {
        hasStopped = false
    }

    func handle(_ frame: borrowing FrameView<F>) -> FrameVerdict {
        expect(!hasStopped, "a frame was delivered after the handler said stop")
        let payload = [UInt8](frame.payload)
        let verdict = nextVerdict(for: payload)
        hasStopped = verdict == .pause || verdict == .refuse
        if verdict == .refuse {
            refused = payload
            return .refuse
        }
        if verdict == .nextAndLease {
            leases.append(KeptLease(lease: frame.lease(), expected: payload))
            checkLeases()
        }
        // The canary loses a frame that was refused before.
        if !canaryIsPlanted || refused == nil || payload.count != 3 {
            found.append(payload, joins: F.joinsFrames)
        }
        refused = nil
        return verdict == .pause ? .pause : .next
    }

    /// The script's, but a frame is refused once only.
    private func nextVerdict(for payload: [UInt8]) -> Script.Verdict {
        defer { callCount += 1 }
        let verdict = verdicts[callCount % verdicts.count]
        guard let refused else { return verdict }
        expectEqual(payload, refused, "a frame that was refused comes again")
        return verdict == .refuse ? .next : verdict
    }

    /// The bytes of every lease are still those of the frame.
    private func checkLeases() {
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
