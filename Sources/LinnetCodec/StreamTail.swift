// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// The bytes of one direction that are not a whole frame yet, and where the next ones go.
///
/// A direction between frames holds no block. An incomplete tail stands in a block of the
/// connection's own, of the smallest class that has room for what has *arrived* and one byte more,
/// never for what a header announces; so a peer that announces much and sends little costs little.
/// A short tail is put in front of the next bytes, wherever they are read, so that a frame that was
/// cut does not make all later reads small. Behind a longer one its own block is read full, and
/// then it moves up a class.
///
/// Invariants:
/// 1. `tail` holds exactly one reference of its block.
/// 2. If the block is the tail's own, nobody writes it but the owner of this value, and only behind
///    the tail. If it is borrowed (the pool had no block when the tail had to move), the tail is
///    not appended to before it has moved.
/// 3. Bytes that may be leased are never moved or written: the tail slides within its block only
///    while it holds the only reference.
///
/// Thread: the reactor that owns the connection.
@usableFromInline
package struct StreamTail: ~Copyable {
    @usableFromInline
    package let memory: PoolMemory
    private var tail: Tail?

    /// Small, since each connection has one; a block has at most 2 GiB.
    private struct Tail: BitwiseCopyable {
        let block: Block
        private var narrowOffset: UInt32
        private var narrowByteCount: UInt32
        var isOwnBlock: Bool

        init(block: Block, range: Range<Int>, isOwnBlock: Bool) {
            self.block = block
            narrowOffset = UInt32(range.lowerBound)
            narrowByteCount = UInt32(range.count)
            self.isOwnBlock = isOwnBlock
        }

        var offset: Int {
            get { Int(narrowOffset) }
            set { narrowOffset = UInt32(newValue) }
        }

        var byteCount: Int {
            get { Int(narrowByteCount) }
            set { narrowByteCount = UInt32(newValue) }
        }

        var end: Int { offset + byteCount }
    }

    /// Where bytes of the direction are to be read.
    @frozen
    @safe
    @usableFromInline
    package enum ReadSpace {
        /// Read into any block, at an offset of at least `frontByteCount`, and hand it to
        /// ``StreamParser/parse(_:in:of:from:_:)``. What stands right in front is overwritten.
        case anyBlock(frontByteCount: Int)
        /// Read behind the tail, then call ``StreamParser/parseTail(_:adding:from:_:)``.
        case behindTail(UnsafeMutableRawBufferPointer)
        /// There is no block to be had: leave the bytes in the kernel and ask again later.
        case stalled
    }

    /// The longest tail that is copied in front of the next bytes: a small part of a large read.
    package static let maxPrependedByteCount = 4_096

    @usableFromInline
    package init(memory: PoolMemory) {
        self.memory = memory
    }

    deinit {
        if let tail { memory.release(tail.block) }
    }

    /// The block and range of the tail, if there is one.
    @usableFromInline
    package var standing: (block: Block, range: Range<Int>)? {
        tail.map { ($0.block, $0.offset..<$0.end) }
    }

    /// Bytes of the tail.
    @usableFromInline
    package var byteCount: Int { tail?.byteCount ?? 0 }

    /// The most that this direction could make the pool hold for it: its block.
    package var blockByteCount: Int { tail.map { memory.byteCount(of: $0.block) } ?? 0 }

    /// Room for more bytes. Moves a long tail if its block is full. O(1) but for the move.
    @usableFromInline
    package mutating func readSpace(from magazine: borrowing PacketPool.Magazine) -> ReadSpace {
        guard byteCount > Self.maxPrependedByteCount else {
            return .anyBlock(frontByteCount: byteCount)
        }
        return roomBehindTail(from: magazine)
    }

    /// Moves a short tail in front of bytes that were read into a block, which the caller holds.
    ///
    /// - Returns: the range of both.
    @usableFromInline
    package mutating func prepend(
        to range: Range<Int>,
        of block: Block,
        from magazine: borrowing PacketPool.Magazine
    ) -> Range<Int> {
        checkPool(of: magazine)
        guard let tail else { return range }
        let start = range.lowerBound - tail.byteCount
        precondition(
            tail.byteCount <= Self.maxPrependedByteCount && start >= 0
                && range.upperBound <= memory.byteCount(of: block),
            "bytes are read where readSpace says"
        )
        if tail.block != block || tail.offset != start {
            // SAFETY: the tail holds its block, the caller the other; the range in front is free.
            let source = unsafe memory.bytes(of: tail.block)[tail.offset..<tail.end]
            let target = unsafe memory.bytes(of: block)[start..<range.lowerBound]
            unsafe UnsafeMutableRawBufferPointer(rebasing: target)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
        }
        magazine.release(tail.block)
        self.tail = nil
        return start..<range.upperBound
    }

    /// Copies bytes in, as many as there is room for after at most one move.
    ///
    /// - Returns: how many; 0 if there is no block to be had.
    @usableFromInline
    package mutating func append(
        _ bytes: RawSpan,
        from magazine: borrowing PacketPool.Magazine
    ) -> Int {
        checkPool(of: magazine)
        if tail == nil {
            guard let block = magazine.acquire(holding: 1, mayUseReserve: true) else { return 0 }
            tail = Tail(block: block, range: 0..<0, isOwnBlock: true)
        }
        guard case .behindTail(let room) = roomBehindTail(from: magazine) else { return 0 }
        let count = min(bytes.byteCount, room.count)
        // SAFETY: the room was given for this, and `count` fits into both.
        unsafe bytes.extracting(0..<count).withUnsafeBytes { unsafe room.copyMemory(from: $0) }
        didAppend(byteCount: count)
        return count
    }

    /// `byteCount` bytes were written at the front of the room that the last call gave.
    @usableFromInline
    package mutating func didAppend(byteCount: Int) {
        guard let tail else { preconditionFailure("bytes were appended to no tail") }
        precondition(byteCount >= 0 && tail.end + byteCount <= memory.byteCount(of: tail.block))
        self.tail?.byteCount += byteCount
        memory.limitAccess(to: tail.end + byteCount, of: tail.block)
    }

    /// What is left of a block after its frames were taken: it becomes the tail.
    ///
    /// - Parameters:
    ///   - rest: what was not taken; it ends where the bytes end.
    ///   - block: the tail's own block, or one that the caller holds and will use again.
    @usableFromInline
    package mutating func keep(
        _ rest: Range<Int>,
        of block: Block,
        from magazine: borrowing PacketPool.Magazine
    ) {
        checkPool(of: magazine)
        if let tail, tail.block == block {
            keepInTail(rest, tail: tail, from: magazine)
        } else if !rest.isEmpty {
            memory.retain(block)
            tail = Tail(block: block, range: rest, isOwnBlock: false)
            _ = move(from: magazine)
        }
    }

    /// Lets go of the tail; the direction is over.
    package mutating func drop() {
        if let tail { memory.release(tail.block) }
        tail = nil
    }

    private mutating func keepInTail(
        _ rest: Range<Int>,
        tail: Tail,
        from magazine: borrowing PacketPool.Magazine
    ) {
        guard !rest.isEmpty else {
            magazine.release(tail.block)
            self.tail = nil
            return
        }
        let isUntouched = rest.lowerBound == tail.offset
        self.tail?.offset = rest.lowerBound
        self.tail?.byteCount = rest.count
        if isUntouched { return }
        // Frames were taken from before it, so a smaller block may do now.
        let isSmallest = memory.classIndex(holding: rest.count + 1) == tail.block.index.classIndex
        if isSmallest, slide() { return }
        if !move(from: magazine) { _ = slide() }
    }

    /// A borrowed block that its lender and all others have released is the tail's own.
    private mutating func adoptIfAlone() {
        guard let tail, !tail.isOwnBlock, memory.isUnique(tail.block) else { return }
        self.tail?.isOwnBlock = true
    }

    /// Names of blocks mean nothing in another pool.
    private func checkPool(of magazine: borrowing PacketPool.Magazine) {
        precondition(magazine.memory == memory, "a parser takes its blocks from its own pool")
    }

    private func hasRoom(_ tail: Tail) -> Bool {
        tail.isOwnBlock && tail.end < memory.byteCount(of: tail.block)
    }

    private mutating func roomBehindTail(
        from magazine: borrowing PacketPool.Magazine
    ) -> ReadSpace {
        checkPool(of: magazine)
        adoptIfAlone()
        if let tail, !hasRoom(tail), !slide(), !move(from: magazine) { return .stalled }
        guard let tail else { return .anyBlock(frontByteCount: 0) }
        let capacity = memory.byteCount(of: tail.block)
        memory.limitAccess(to: capacity, of: tail.block)
        // SAFETY: the tail holds the block, and the room behind the tail is its owner's alone
        // (invariant 2). The caller uses it before it gives this value away.
        let bytes = unsafe memory.bytes(of: tail.block)
        return unsafe .behindTail(
            UnsafeMutableRawBufferPointer(rebasing: bytes[tail.end..<capacity])
        )
    }

    /// Moves the tail to the front of its block, if it is not there and nobody else holds the
    /// block.
    private mutating func slide() -> Bool {
        guard let tail, tail.isOwnBlock, tail.offset > 0, memory.isUnique(tail.block) else {
            return false
        }
        // SAFETY: both ranges lie in the block, which nobody else holds.
        let bytes = unsafe memory.bytes(of: tail.block)
        let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[tail.offset..<tail.end])
        unsafe bytes.copyMemory(from: source)
        self.tail?.offset = 0
        return true
    }

    /// Moves the tail to a block of its own with room for more. False if there is none to be had.
    private mutating func move(from magazine: borrowing PacketPool.Magazine) -> Bool {
        guard let tail else { return false }
        let new = magazine.acquire(
            holding: tail.byteCount + 1,
            mayUseReserve: !tail.isOwnBlock
        )
        guard let new else { return false }
        // SAFETY: the tail holds the old block; the new one is this value's alone and larger.
        let old = unsafe memory.bytes(of: tail.block)[tail.offset..<tail.end]
        unsafe memory.bytes(of: new).copyMemory(from: UnsafeRawBufferPointer(rebasing: old))
        memory.limitAccess(to: tail.byteCount, of: new)
        magazine.release(tail.block)
        self.tail = Tail(block: new, range: 0..<tail.byteCount, isOwnBlock: true)
        return true
    }
}
