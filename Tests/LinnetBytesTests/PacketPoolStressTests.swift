// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetBytes
import LinnetTestSupport
import Synchronization
import Testing

/// Threads that take, pass on, share and give back; run under the thread sanitizer too.
@Suite(.serialized) struct PacketPoolStressTests {
    /// Four threads with a magazine each, two without; every block carries its holder's mark, so a
    /// block that two hold at a time is seen. At the end all are home.
    @Test func `no block has two holders, and all come home`() throws {
        let pool = try PacketPoolTests.pool(count: 96, reserve: 16, byteCount: 64, magazines: 4)
        let mailbox = Mailbox()
        let violations = Atomic(0)
        withThreads(6) { thread in
            var random = SeededRandom(seed: UInt64(thread) + 1)
            let magazine = thread < 4 ? pool.makeMagazine() : nil
            for round in 0..<4_000 {
                let mark = UInt64(thread) << 32 | UInt64(round)
                let isThief = thread >= 4
                let repeated = UInt64(UInt8(truncatingIfNeeded: mark)) &* 0x0101_0101_0101_0101
                let expected = isThief ? repeated : mark
                let lease: PacketLease? =
                    if !isThief {
                        magazine?.lease(byteCount: 16) { $0.storeLittleEndian(mark, at: 0) } ?? nil
                    } else {
                        PacketLease(
                            copying: Array(repeating: UInt8(truncatingIfNeeded: mark), count: 16)
                                .rawSpan,
                            in: pool
                        )
                    }
                guard let lease else {
                    mailbox.empty()
                    continue
                }
                let found: UInt64 = lease.withBytes { $0.loadLittleEndian(at: 0) }
                if found != expected {
                    violations.add(1, ordering: .relaxed)
                }
                switch random.next() % 4 {
                case 0: mailbox.put(lease)
                case 1: mailbox.put(lease.shared())
                case 2: magazine?.release(lease)
                default: break
                }
            }
        }
        mailbox.empty()
        #expect(violations.load(ordering: .relaxed) == 0)
        #expect(pool.statistics[0].inUseCount == 0)
        try expectAllHome(pool, count: 80)
    }

    /// One thread acquires, another releases: the pattern of a reactor and its workers.
    @Test func `blocks flow between two threads for ever`() throws {
        let pool = try PacketPoolTests.pool(count: 8, byteCount: 64)
        let mailbox = Mailbox()
        let isDone = Atomic(false)
        withThreads(2) { thread in
            if thread == 1 {
                while !isDone.load(ordering: .acquiring) { mailbox.empty() }
                return
            }
            var takenCount = 0
            if let magazine = pool.makeMagazine() {
                while takenCount < 20_000 {
                    let lease = magazine.lease(byteCount: 8) {
                        $0.storeLittleEndian(1 as UInt64, at: 0)
                    }
                    guard let lease else { continue }
                    mailbox.put(lease)
                    takenCount += 1
                }
            }
            isDone.store(true, ordering: .releasing)
        }
        mailbox.empty()
        try expectAllHome(pool, count: 8)
    }

    private func expectAllHome(_ pool: PacketPool, count: Int) throws {
        let magazine = try PacketPoolTests.magazine(pool)
        let held = (0..<count).compactMap { _ in magazine.acquire(holding: 1) }
        #expect(held.count == count)
        for block in held { magazine.release(block) }
    }
}

/// Passes leases from thread to thread: 32 places, each holding one.
///
/// Under a lock of pthreads, which the thread sanitizer understands; that of the Synchronization
/// module it does not.
private final class Mailbox: @unchecked Sendable {
    // Sendable: everything below is used under the lock only.
    private let lock = NSLock()
    private var leases: [32 of PacketLease?] = .init { _ in nil }
    private var next = 0

    /// Puts a lease in, and drops the one that was in its place.
    func put(_ lease: consuming PacketLease) {
        var passed: PacketLease? = consume lease
        lock.lock()
        next = (next + 1) % 32
        swap(&leases[next], &passed)
        lock.unlock()
    }

    func empty() {
        for place in 0..<32 {
            var taken: PacketLease?
            lock.lock()
            swap(&leases[place], &taken)
            lock.unlock()
        }
    }
}
