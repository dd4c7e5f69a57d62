// SPDX-License-Identifier: Apache-2.0

package import LinnetCodec

/// How many packets and bytes of a capture came to what. Each byte is counted once.
package struct CaptureCounts: Hashable, Sendable {
    package struct Count: Hashable, Sendable {
        package var packetCount = 0
        package var byteCount = 0
    }

    package private(set) var ok = Count()
    package private(set) var errors: [PacketError.Code: Count] = [:]
    package private(set) var skippedByteCount = 0

    package init(of findings: [CaptureAnalysis.Finding]) {
        for finding in findings {
            switch finding {
            case .packet(let packet): add(packet)
            case .skipped(let range): skippedByteCount += range.count
            }
        }
    }

    /// Packets, right or wrong.
    package var all: Count {
        let wrong = errors.values
        return Count(
            packetCount: wrong.reduce(ok.packetCount) { $0 + $1.packetCount },
            byteCount: wrong.reduce(ok.byteCount) { $0 + $1.byteCount }
        )
    }

    private mutating func add(_ packet: PacketFinding) {
        var count = packet.error.map { errors[$0.code, default: Count()] } ?? ok
        count.packetCount += 1
        count.byteCount += packet.range.count
        if let error = packet.error { errors[error.code] = count } else { ok = count }
    }
}
