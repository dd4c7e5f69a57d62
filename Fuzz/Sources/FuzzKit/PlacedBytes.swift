// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Bytes that stand where an access behind their last one is a fault.
@safe
public struct PlacedBytes: ~Copyable {
    public enum Place: CaseIterable, Sendable {
        /// An allocation of exactly their length: AddressSanitizer guards both ends.
        case heap
        /// The end of a mapping with an inaccessible page behind it: the processor guards the end,
        /// against code that no sanitizer instruments too.
        case guardedMapping
    }

    private let base: UnsafeMutableRawPointer
    private let byteCount: Int
    /// Start and length of the mapping, if there is one.
    private let mapping: UnsafeMutableRawBufferPointer?

    public init(_ bytes: [UInt8], in place: Place) {
        byteCount = bytes.count
        switch place {
        case .heap:
            unsafe mapping = nil
            unsafe base = .allocate(byteCount: byteCount, alignment: 1)
        case .guardedMapping:
            let mapping = unsafe Self.mapGuarded(byteCount: byteCount)
            unsafe self.mapping = mapping
            // SAFETY: at least `byteCount` bytes stand before the page that guards the end.
            let end = mapping.count - Self.pageByteCount
            unsafe base = mapping.baseAddress.unsafelyUnwrapped + (end - byteCount)
        }
        // SAFETY: `byteCount` bytes were just made at `base`, for this value alone.
        unsafe UnsafeMutableRawBufferPointer(start: base, count: byteCount).copyBytes(from: bytes)
        // An allocation of no bytes has one.
        if overreadIsPlanted, place == .heap, byteCount > 0 {
            blackHole(unsafe base.load(fromByteOffset: byteCount, as: UInt8.self))
        }
    }

    deinit {
        // SAFETY: `init` made the allocation or the mapping for this value alone, and no span of it
        // outlives the value.
        if let mapping = unsafe mapping {
            unsafe munmap(mapping.baseAddress, mapping.count)
        } else {
            unsafe base.deallocate()
        }
    }

    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: `byteCount` bytes stand at `base` until `deinit`.
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    public var mutableBytes: MutableRawSpan {
        @_lifetime(&self)
        mutating get {
            // SAFETY: as in `bytes`; access is exclusive as long as the span lives.
            let span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(span, mutating: &self)
        }
    }

    private static let pageByteCount = Int(sysconf(CInt(_SC_PAGESIZE)))

    /// Whole pages for `byteCount` bytes, and an inaccessible one behind them.
    private static func mapGuarded(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        let usable = (byteCount + pageByteCount - 1) / pageByteCount * pageByteCount
        let whole = usable + pageByteCount
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        // SAFETY: a new anonymous mapping aliases nothing; both results are checked.
        let address = unsafe mmap(nil, whole, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            fatalError("no memory for a guarded mapping")
        }
        let result = unsafe mprotect(address + usable, pageByteCount, PROT_NONE)
        precondition(result == 0, "the last page of a mapping can be protected")
        return unsafe UnsafeMutableRawBufferPointer(start: address, count: whole)
    }
}
