// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// Where an outbox copies short payloads to, behind each other, with room around each for what the
/// framing adds: so the reactor makes them frames where they stand, and those for one connection go
/// out as one piece.
///
/// Its block is filled from front to back, and from the front again once nobody else holds it. The
/// page keeps many references of it and gives one away with each payload, so that a payload costs
/// no atomic operation here.
///
/// Thread: that of its outbox.
@frozen
@safe
@usableFromInline
struct SendPage: ~Copyable {
    @usableFromInline let memory: PoolMemory
    @usableFromInline private(set) var block = Block.none
    /// The bytes of the block.
    @usableFromInline var base: UnsafeMutableRawPointer?
    @usableFromInline var offset = 0
    @usableFromInline var capacity = 0
    /// References of the block that are left; 0 if there is no block.
    @usableFromInline var spareCount = 0

    private static let bulkCount = 1_024
    /// A page is large beside the longest payload that is copied.
    private static let wantedByteCount = 65_536

    init(memory: PoolMemory) {
        self.memory = memory
    }

    @inlinable
    deinit {
        if spareCount > 0 { memory.release(block, count: spareCount) }
    }

    /// Takes room for `byteCount` bytes, with one reference of ``block``, which passes to the
    /// caller.
    ///
    /// - Returns: where it begins in the block; `nil` if the pool has no block.
    @inlinable
    @inline(__always)
    mutating func take(
        _ byteCount: Int,
        from magazine: borrowing PacketPool.Magazine
    ) -> Int? {
        guard offset + byteCount <= capacity, spareCount > 1 else {
            return takeSlowly(byteCount, from: magazine)
        }
        let start = offset
        offset &+= byteCount
        spareCount &-= 1
        return start
    }

    @usableFromInline
    mutating func takeSlowly(
        _ byteCount: Int,
        from magazine: borrowing PacketPool.Magazine
    ) -> Int? {
        // Nothing fits into no block, but there would be no reference to give away.
        if spareCount == 0 || offset + byteCount > capacity { renew(byteCount, from: magazine) }
        guard spareCount > 0, offset + byteCount <= capacity else { return nil }
        if spareCount == 1 {
            memory.retain(block, count: Self.bulkCount)
            spareCount += Self.bulkCount
        }
        let start = offset
        offset += byteCount
        spareCount -= 1
        return start
    }

    /// Another block, unless this one is the page's alone.
    private mutating func renew(_ byteCount: Int, from magazine: borrowing PacketPool.Magazine) {
        rewind()
        guard spareCount == 0 || offset + byteCount > capacity else { return }
        if spareCount > 0 { magazine.release(block, count: spareCount) }
        spareCount = 0
        offset = 0
        capacity = 0
        let new =
            magazine.acquire(holding: max(byteCount, Self.wantedByteCount))
            ?? magazine.acquire(holding: byteCount, mayUseReserve: true)
        guard let new else { return }
        block = new
        // SAFETY: the page holds the block as long as it has the address.
        unsafe base = memory.bytes(of: new).baseAddress
        spareCount = 1
        capacity = memory.byteCount(of: new)
    }

    /// Begins at the front again if nobody else holds the block.
    mutating func rewind() {
        if offset > 0, memory.isUnique(block, count: spareCount) { offset = 0 }
    }

    /// Copies a payload to its place, which ``take(_:from:)`` gave.
    @inlinable
    @inline(__always)
    func copy(_ bytes: RawSpan, to start: Int) {
        precondition(
            start >= 0 && start &+ bytes.byteCount <= capacity,
            "a payload has its place in the page"
        )
        // SAFETY: the page holds the block, and the place is not anyone else's yet.
        unsafe bytes.withUnsafeBytes { source in
            guard let base = unsafe base, let first = source.baseAddress else { return }
            unsafe (base + start).copyMemory(from: first, byteCount: source.count)
        }
    }

    /// Lets a payload come into being at its place, which ``take(_:from:)`` gave.
    ///
    /// - Returns: how long it is.
    @inlinable
    @inline(__always)
    func write(
        at start: Int,
        atMost maxByteCount: Int,
        _ body: (inout OutputRawSpan) -> Void
    ) -> Int {
        precondition(
            start >= 0 && maxByteCount >= 0 && start &+ maxByteCount <= capacity,
            "a payload has its place in the page"
        )
        // SAFETY: the page holds the block, and the place is not anyone else's yet.
        let place = unsafe UnsafeMutableRawBufferPointer(
            start: base.map { unsafe $0 + start },
            count: maxByteCount
        )
        var output = unsafe OutputRawSpan(buffer: place, initializedCount: 0)
        body(&output)
        return unsafe output.finalize(for: place)
    }

    /// Gives back the last bytes that were taken and not used.
    @inlinable
    @inline(__always)
    mutating func giveBack(_ byteCount: Int) {
        offset &-= byteCount
    }

    /// Takes back room that was taken last, with its reference.
    @inlinable
    mutating func takeBack(_ byteCount: Int) {
        offset &-= byteCount
        spareCount &+= 1
    }
}
