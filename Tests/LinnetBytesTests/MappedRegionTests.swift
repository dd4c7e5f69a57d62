// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import Testing

@Suite struct MappedRegionTests {
    @Test func `a region is zeroed, writable, and rounded up to whole pages`() throws {
        let region = try MappedRegion(byteCount: MappedRegion.pageByteCount + 1)
        #expect(region.byteCount == 2 * MappedRegion.pageByteCount)
        // SAFETY: the offsets lie within the region.
        for offset in [0, 1, region.byteCount - 1] {
            let before = unsafe region.base.load(fromByteOffset: offset, as: UInt8.self)
            unsafe region.base.storeBytes(of: 0xA5, toByteOffset: offset, as: UInt8.self)
            let after = unsafe region.base.load(fromByteOffset: offset, as: UInt8.self)
            #expect(before == 0 && after == 0xA5)
        }
    }

    @Test func `huge pages are a wish that does not fail`() throws {
        let region = try MappedRegion(byteCount: 4 << 20, prefersHugePages: true)
        // SAFETY: the region has at least a page.
        unsafe region.base.storeBytes(of: 1, as: UInt8.self)
        let stored = unsafe region.base.load(as: UInt8.self)
        #expect(stored == 1)
    }

    @Test(arguments: [false, true])
    func `a committed region has its memory at once`(isCommitted: Bool) throws {
        let region = try MappedRegion(
            byteCount: 64 * MappedRegion.pageByteCount,
            isCommitted: isCommitted
        )
        var pages = [UInt8](repeating: 0xFF, count: 64)
        // SAFETY: the region has 64 pages, and the system writes a byte for each.
        let result = unsafe mincore(region.base, region.byteCount, &pages)
        #expect(result == 0)
        #expect(pages.count { $0 & 1 == 1 } == (isCommitted ? 64 : 0))
        // SAFETY: the region has at least a page.
        let first = unsafe region.base.load(as: UInt64.self)
        #expect(first == 0)
    }

    @Test(arguments: [Int.max, Int.max - 4_096, 1 << 60])
    func `more than the address space holds is an error`(byteCount: Int) {
        #expect(throws: Errno.noMemory) {
            _ = try MappedRegion(byteCount: byteCount)
        }
    }

    @Test func `an access behind a guarded region is a fault`() async {
        await #expect(processExitsWith: .failure) {
            let region = try MappedRegion(byteCount: 1, hasGuardPage: true)
            // SAFETY: none; this is the fault that is tested.
            unsafe region.base.storeBytes(of: 1, toByteOffset: region.byteCount, as: UInt8.self)
        }
    }
}
