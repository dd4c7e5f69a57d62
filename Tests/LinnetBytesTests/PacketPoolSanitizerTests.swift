// SPDX-License-Identifier: Apache-2.0

import CLinnet
import LinnetBytes
import Testing

/// The address sanitizer cannot see inside a mapping by itself; the pool tells it. Run with
/// `swift test --sanitize=address`.
@Suite(.enabled(if: linnet_has_address_sanitizer()))
struct PacketPoolSanitizerTests {
    /// Reads a byte in code that is compiled here, and so watched by the sanitizer.
    private static func touch(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        // SAFETY: none; the caller wants to see the fault.
        guard let base = bytes.baseAddress else { return }
        let pointer = unsafe base.assumingMemoryBound(to: UInt8.self)
        precondition(unsafe pointer[offset] < 255)
    }

    @Test func `a read of a block that was given back is reported`() async {
        await #expect(processExitsWith: .failure) {
            let pool = try PacketPoolTests.pool(count: 4)
            guard let block = pool.acquire(classIndex: 0) else { return }
            // SAFETY: none; the last use is the one that is tested.
            let bytes = unsafe pool.memory.bytes(of: block)
            unsafe bytes.storeBytes(of: 1, as: UInt8.self)
            pool.memory.release(block)
            unsafe PacketPoolSanitizerTests.touch(bytes, at: 0)
        }
    }

    @Test func `a read behind what a block holds is reported`() async {
        await #expect(processExitsWith: .failure) {
            let pool = try PacketPoolTests.pool(count: 4)
            guard let block = pool.acquire(classIndex: 0) else { return }
            pool.memory.limitAccess(to: 100, of: block)
            // SAFETY: none; the last use is the one that is tested.
            let bytes = unsafe pool.memory.bytes(of: block)
            unsafe PacketPoolSanitizerTests.touch(bytes, at: 99)
            unsafe PacketPoolSanitizerTests.touch(bytes, at: 100)
        }
    }

    @Test func `a block that was acquired again may be used whole`() throws {
        let pool = try PacketPoolTests.pool(count: 1)
        for _ in 0..<3 {
            let block = try #require(pool.acquire(classIndex: 0))
            // SAFETY: the block is held.
            let bytes = unsafe pool.memory.bytes(of: block)
            unsafe bytes.initializeMemory(as: UInt8.self, repeating: 7)
            pool.memory.limitAccess(to: 10, of: block)
            pool.memory.release(block)
        }
    }
}
