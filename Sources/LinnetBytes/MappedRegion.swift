// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Zeroed memory of this process alone, straight from the kernel.
///
/// The address space is reserved at once; each page costs memory from the first time it is touched,
/// unless the region is committed. The mapping is private, so no other process can change bytes
/// under a reader. It is given back when the value ends.
///
/// Thread: the value has one owner; the memory may be used by any thread.
@safe
@usableFromInline
package struct MappedRegion: ~Copyable, @unchecked Sendable {
    // Sendable: the two words never change, and the kernel does not care which thread unmaps.

    /// First byte of the region; page-aligned.
    package let base: UnsafeMutableRawPointer
    /// Usable bytes: what was asked for, rounded up to whole pages.
    package let byteCount: Int
    private let mappedByteCount: Int

    /// MADV_POPULATE_WRITE, which the headers of older systems do not have.
    private static var populateWrite: CInt { 23 }

    /// Bytes of a page of this machine.
    package static var pageByteCount: Int { Int(sysconf(CInt(_SC_PAGESIZE))) }

    /// Maps `byteCount` bytes, rounded up to whole pages.
    ///
    /// - Parameters:
    ///   - byteCount: more than 0.
    ///   - prefersHugePages: asks the kernel to back the region with huge pages where it can.
    ///   - isCommitted: takes the memory now, so that no access waits for the kernel to find some
    ///     and what the process needs does not grow with use. A wish too, which kernels before 5.14
    ///     do not know.
    ///   - hasGuardPage: an access just behind the last page is a fault, in the release build too.
    /// - Throws: `Errno`, usually `ENOMEM`.
    package init(
        byteCount: Int,
        prefersHugePages: Bool = false,
        isCommitted: Bool = false,
        hasGuardPage: Bool = isDebugBuild
    ) throws(Errno) {
        precondition(byteCount > 0, "a mapped region needs at least one byte")
        let page = Self.pageByteCount
        let (padded, overflows) = byteCount.addingReportingOverflow(page - 1)
        guard !overflows, padded <= Int.max - page else { throw .noMemory }
        let rounded = padded / page * page
        let mapped = rounded + (hasGuardPage ? page : 0)
        // SAFETY: a new anonymous mapping aliases nothing; the result is checked.
        let address = unsafe mmap(
            nil,
            mapped,
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
            -1,
            0
        )
        guard let address = unsafe address, unsafe address != MAP_FAILED else { throw .last }
        if hasGuardPage, unsafe mprotect(address + rounded, page, PROT_NONE) != 0 {
            let error = Errno.last
            // SAFETY: the range is the mapping that was just made.
            unsafe munmap(address, mapped)
            throw error
        }
        unsafe self.base = address
        self.byteCount = rounded
        self.mappedByteCount = mapped
        if prefersHugePages {
            // Only a wish: a kernel without huge pages refuses, and the region works all the same.
            // SAFETY: the range is this mapping.
            _ = unsafe madvise(address, rounded, CInt(MADV_HUGEPAGE))
        }
        if isCommitted {
            // SAFETY: as above; what stands there does not change.
            _ = unsafe madvise(address, rounded, Self.populateWrite)
        }
    }

    deinit {
        // SAFETY: the range is the mapping that `init` made, and this is its only owner.
        unsafe munmap(base, mappedByteCount)
    }

    /// Makes every access to these pages a fault. Both numbers are multiples of the page size.
    /// Throws `Errno` when the system has no room for another mapping.
    package borrowing func protect(offset: Int, byteCount: Int) throws(Errno) {
        precondition(offset >= 0 && byteCount >= 0 && offset + byteCount <= mappedByteCount)
        // SAFETY: the precondition keeps the range within this mapping.
        guard unsafe mprotect(base + offset, byteCount, PROT_NONE) == 0 else { throw .last }
    }

    /// Gives up ownership: the mapping stays until ``unmap(base:byteCount:)``, or for ever.
    package consuming func leak() {
        discard self
    }

    /// Unmaps a region that was leaked and had no guard page.
    ///
    /// The caller proves that nobody uses the memory any more.
    @unsafe
    package static func unmap(base: UnsafeMutableRawPointer, byteCount: Int) {
        // SAFETY: the caller proves that the region was leaked and is used no more.
        unsafe munmap(base, byteCount)
    }
}

/// Whether this is a debug build, in which the costly checks are on by default.
package var isDebugBuild: Bool {
    #if DEBUG
        true
    #else
        false
    #endif
}
