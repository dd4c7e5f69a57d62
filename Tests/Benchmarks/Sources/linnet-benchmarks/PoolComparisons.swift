// SPDX-License-Identifier: Apache-2.0

import CBaseline
import LinnetBytes
import LinnetTestSupport

/// The pool: one thread, and one thread that takes what another gives back.
func poolComparisons() -> [Comparison] {
    guard let pool = try? PacketPool() else { preconditionFailure("the pool cannot be mapped") }
    let released = Comparison(
        "pool: acquire and release, one thread, 4 KiB",
        operations: 1_000,
        ours: {
            guard let magazine = pool.makeMagazine() else { preconditionFailure("no magazine") }
            for _ in 0..<1_000 {
                guard let lease = magazine.lease(byteCount: 4_096, fill: { _ in }) else { continue }
                magazine.release(lease)
            }
        },
        baseName: "malloc and free",
        base: { baseline_malloc_free(4_096, 1_000) }
    )
    let dropped = Comparison(
        "pool: acquire and drop the lease, one thread, 4 KiB",
        operations: 1_000,
        ours: {
            guard let magazine = pool.makeMagazine() else { preconditionFailure("no magazine") }
            for _ in 0..<1_000 {
                _ = magazine.lease(byteCount: 4_096, fill: { _ in })
            }
        },
        baseName: "malloc and free",
        base: { baseline_malloc_free(4_096, 1_000) }
    )
    return [released, dropped, acrossThreads(pool)]
}

/// Leases go through a small ring of the benchmark's own to a second thread, which drops them.
private func acrossThreads(_ pool: PacketPool) -> Comparison {
    Comparison(
        "pool: acquire here, release on another thread, 4 KiB",
        operations: 100_000,
        ours: {
            let ring = LeaseRing()
            withThreads(2) { thread in
                if thread == 1 {
                    for _ in 0..<100_000 { ring.take() }
                    return
                }
                guard let magazine = pool.makeMagazine() else { preconditionFailure("no magazine") }
                for _ in 0..<100_000 {
                    while true {
                        if let lease = magazine.lease(byteCount: 4_096, fill: { _ in }) {
                            ring.put(lease)
                            break
                        }
                    }
                }
            }
        }
    )
}
