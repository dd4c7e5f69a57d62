// SPDX-License-Identifier: Apache-2.0

/// Bytes of a packet that are kept beyond the call that delivered them.
///
/// A lease holds one reference of the block in which the bytes stand; nothing is copied and no
/// object is allocated. The bytes do not change while a lease exists. It may cross threads and
/// outlive the pool. Leases count against the pool's limits: who hoards them stops the traffic that
/// they came from.
///
/// Thread: one owner at a time; the value may be passed on.
@safe
public struct PacketLease: ~Copyable, Sendable {
    private let memory: PoolMemory
    private let block: Block
    private let offset: UInt32
    private let count: UInt32

    /// A lease of what `write` writes in place; it is moved to a smaller block if one holds it.
    ///
    /// - Parameter maxByteCount: the room that `write` gets; what would be longer cannot be
    ///   written.
    /// - Returns: `nil` if the pool has no free block that is large enough; then `write` was not
    ///   called. O(bytes), any thread, never blocks.
    public init?(
        atMost maxByteCount: Int,
        in pool: PacketPool,
        _ write: (inout OutputRawSpan) -> Void
    ) {
        let memory = pool.memory
        guard
            let classIndex = memory.classIndex(holding: maxByteCount),
            let block = memory.acquireFromDepot(classIndex: classIndex, mayUseReserve: false)
        else { return nil }
        memory.limitAccess(to: maxByteCount, of: block)
        // SAFETY: the block is new and this initializer's alone, and its class holds the bytes.
        let bytes = unsafe UnsafeMutableRawBufferPointer(
            rebasing: memory.bytes(of: block)[0..<maxByteCount]
        )
        var output = unsafe OutputRawSpan(buffer: bytes, initializedCount: 0)
        write(&output)
        let byteCount = unsafe output.finalize(for: bytes)
        self.init(adopting: block, of: memory, range: 0..<byteCount)
        guard memory.classIndex(holding: byteCount) != classIndex else { return }
        if let copy = PacketLease(copying: self.bytes, in: memory) { self = copy }
    }

    /// Takes over one reference of `block`, which the caller holds.
    package init(adopting block: Block, of memory: PoolMemory, range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= memory.byteCount(of: block),
            "a lease lies within its block"
        )
        self.memory = memory
        self.block = block
        self.offset = UInt32(range.lowerBound)
        self.count = UInt32(range.count)
    }

    /// A lease of a copy of `bytes`.
    ///
    /// - Returns: `nil` if the pool has no free block that is large enough. O(bytes), any thread,
    ///   never blocks.
    public init?(copying bytes: RawSpan, in pool: PacketPool) {
        self.init(copying: bytes, in: pool.memory)
    }

    /// As ``init(copying:in:)``; the caller keeps the pool's region mapped.
    package init?(copying bytes: RawSpan, in memory: PoolMemory) {
        guard
            let classIndex = memory.classIndex(holding: bytes.byteCount),
            let block = memory.acquireFromDepot(classIndex: classIndex, mayUseReserve: false)
        else { return nil }
        // SAFETY: the block is new and this initializer's alone, and its class holds the bytes.
        unsafe memory.bytes(of: block).copyBytes(from: bytes)
        memory.limitAccess(to: bytes.byteCount, of: block)
        self.init(adopting: block, of: memory, range: 0..<bytes.byteCount)
    }

    /// Gives the bytes back. O(1), any thread, never blocks.
    deinit {
        memory.release(block)
    }

    /// Number of bytes.
    public var byteCount: Int { Int(count) }

    /// The bytes, for as long as the lease is held.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: the initializer checked the range; the reference that is held keeps the block
            // from being given back; the result cannot outlive the borrow.
            let all = unsafe UnsafeRawBufferPointer(memory.bytes(of: block))
            let range = Int(offset)..<Int(offset) + Int(count)
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all[range]))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Lends the bytes to `body`. The compiler of Swift 6.3 does not let a lease be passed on in
    /// the function that has used ``bytes``; after this it does.
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes)
    }

    /// Whether the bytes stand in that pool.
    package borrowing func isOf(_ other: PoolMemory) -> Bool {
        memory == other
    }

    /// Where the bytes stand in their block.
    package var range: Range<Int> {
        Int(offset)..<Int(offset) + Int(count)
    }

    /// The block, whose reference passes to the caller.
    package consuming func intoBlock() -> Block {
        let block = block
        discard self
        return block
    }

    /// Another lease of the same bytes. O(1), nothing is copied.
    public borrowing func shared() -> PacketLease {
        memory.retain(block)
        let start = Int(offset)
        return PacketLease(adopting: block, of: memory, range: start..<start + Int(count))
    }
}

extension PacketPool.Magazine {
    /// A lease of bytes that `fill` writes in place.
    ///
    /// - Parameters:
    ///   - byteCount: the length of the lease; `fill` gets a span of just that length, whose old
    ///     bytes are not cleared: it must write all of it.
    /// - Returns: `nil` if the pool has no free block that is large enough. O(1) but for `fill`.
    public func lease(
        byteCount: Int,
        fill: (inout MutableRawSpan) -> Void
    ) -> PacketLease? {
        guard let block = acquire(holding: byteCount) else { return nil }
        memory.limitAccess(to: byteCount, of: block)
        // SAFETY: the block is new and this call's alone, and its class holds the bytes.
        let bytes = unsafe UnsafeMutableRawBufferPointer(
            rebasing: memory.bytes(of: block)[0..<byteCount]
        )
        var span = unsafe MutableRawSpan(_unsafeBytes: bytes)
        fill(&span)
        return PacketLease(adopting: block, of: memory, range: 0..<byteCount)
    }

    /// A lease of what `write` writes in place.
    ///
    /// - Parameter maxByteCount: the room that `write` gets; what would be longer cannot be
    ///   written.
    /// - Returns: `nil` if the pool has no free block that is large enough. O(1) but for `write`.
    public func lease(
        atMost maxByteCount: Int,
        _ write: (inout OutputRawSpan) -> Void
    ) -> PacketLease? {
        guard let block = acquire(holding: maxByteCount) else { return nil }
        memory.limitAccess(to: maxByteCount, of: block)
        // SAFETY: the block is new and this call's alone, and its class holds the bytes.
        let bytes = unsafe UnsafeMutableRawBufferPointer(
            rebasing: memory.bytes(of: block)[0..<maxByteCount]
        )
        var output = unsafe OutputRawSpan(buffer: bytes, initializedCount: 0)
        write(&output)
        let byteCount = unsafe output.finalize(for: bytes)
        return PacketLease(adopting: block, of: memory, range: 0..<byteCount)
    }

    /// A lease of a copy of `bytes`.
    ///
    /// - Returns: `nil` if the pool has no free block that is large enough. O(bytes).
    public func lease(copying bytes: RawSpan) -> PacketLease? {
        guard let block = acquire(holding: bytes.byteCount) else { return nil }
        memory.limitAccess(to: bytes.byteCount, of: block)
        // SAFETY: the block is new and this call's alone, and its class holds the bytes.
        unsafe memory.bytes(of: block).copyBytes(from: bytes)
        return PacketLease(adopting: block, of: memory, range: 0..<bytes.byteCount)
    }

    /// Gives a lease of this magazine's pool back to this thread's stack, which costs less than
    /// dropping it.
    public func release(_ lease: consuming PacketLease) {
        precondition(lease.isOf(memory), "a lease goes back to the pool that it is of")
        release(lease.intoBlock())
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Copies all bytes of the span to the front, which the caller has made sure is large enough.
    @unsafe
    fileprivate func copyBytes(from span: RawSpan) {
        // SAFETY: the caller proves the room; the source is used within the closure only.
        unsafe span.withUnsafeBytes { unsafe copyBytes(from: $0) }
    }
}
