// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetPollers

/// What the connections of one reactor have to write: lists of pieces, each a range of a block and
/// one reference of it.
///
/// Bounded: `capacity` pieces in all. Memory is reserved, and committed as it is used.
///
/// Thread: the reactor's.
@safe
struct OutboundPieces: ~Copyable {
    private let region: MappedRegion
    private let pieces: UnsafeMutablePointer<Piece>
    private let capacity: Int
    /// The first free piece that was used before, or 0; and the first that never was.
    private var firstFree: UInt32 = 0
    private var firstFresh: UInt32 = 1
    /// Pieces that wait in all connections.
    private(set) var count = 0

    struct Piece: BitwiseCopyable {
        var block: Block
        var offset: UInt32
        var byteCount: UInt32
        /// Frames that end in this piece.
        var frameCount: UInt32
        /// References of the block that the piece holds.
        var referenceCount: UInt32 = 1
        var next: UInt32 = 0
    }

    init(capacity: Int) throws(Errno) {
        self.capacity = capacity
        region = try MappedRegion(byteCount: (capacity + 1) * MemoryLayout<Piece>.stride)
        // SAFETY: the region has room for the pieces; piece 0 stands for none.
        unsafe pieces = region.base.bindMemory(to: Piece.self, capacity: capacity + 1)
    }

    static func byteCount(capacity: Int) -> Int { (capacity + 1) * MemoryLayout<Piece>.stride }

    // SAFETY of all below: indices come from `take` or from links, so they lie within the region.

    subscript(_ index: UInt32) -> Piece {
        unsafe pieces[Int(index)]
    }

    /// Whether `count` more find room.
    func hasRoom(for pieceCount: Int) -> Bool { count + pieceCount <= capacity }

    /// Puts a piece, with its reference, behind those of a connection. The caller has asked for
    /// room.
    mutating func append(_ piece: Piece, to slot: inout ReactorSlot) {
        precondition(hasRoom(for: 1), "a piece was added without a look for room")
        let index: UInt32
        if firstFree != 0 {
            index = firstFree
            firstFree = unsafe pieces[Int(index)].next
        } else {
            index = firstFresh
            firstFresh += 1
        }
        unsafe (pieces + Int(index)).initialize(to: piece)
        if slot.lastPiece == 0 {
            slot.firstPiece = index
        } else {
            unsafe pieces[Int(slot.lastPiece)].next = index
        }
        slot.lastPiece = index
        count += 1
    }

    /// Makes the last piece of a connection longer if the new one stands right behind it.
    mutating func extendLast(of slot: ReactorSlot, by piece: Piece) -> Bool {
        let last = Int(slot.lastPiece)
        guard last != 0, unsafe pieces[last].block == piece.block,
            unsafe pieces[last].offset + pieces[last].byteCount == piece.offset
        else { return false }
        unsafe pieces[last].byteCount += piece.byteCount
        unsafe pieces[last].frameCount += piece.frameCount
        unsafe pieces[last].referenceCount += piece.referenceCount
        return true
    }

    /// Shortens the first piece of a connection from its front.
    mutating func advanceFirst(of slot: ReactorSlot, by byteCount: Int) {
        unsafe pieces[Int(slot.firstPiece)].offset += UInt32(truncatingIfNeeded: byteCount)
        unsafe pieces[Int(slot.firstPiece)].byteCount -= UInt32(truncatingIfNeeded: byteCount)
    }

    /// Says that the bytes of a piece stand at the front of another block now, of which it holds
    /// one reference.
    mutating func relocate(_ index: UInt32, to block: Block) {
        unsafe pieces[Int(index)].block = block
        unsafe pieces[Int(index)].offset = 0
        unsafe pieces[Int(index)].referenceCount = 1
    }

    /// Takes the first piece of a connection off. Its reference is the caller's.
    mutating func removeFirst(of slot: inout ReactorSlot) -> Piece {
        let index = slot.firstPiece
        let piece = unsafe pieces[Int(index)]
        slot.firstPiece = piece.next
        if piece.next == 0 { slot.lastPiece = 0 }
        unsafe pieces[Int(index)].next = firstFree
        firstFree = index
        count -= 1
        return piece
    }
}

/// What one system call is to send, gathered anew for each.
///
/// Thread: the reactor's.
@safe
struct SendPieces: ~Copyable {
    private let pieces: UnsafeMutablePointer<SendPiece>
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        // SAFETY: freed in `deinit`; used within the capacity.
        unsafe pieces = .allocate(capacity: capacity)
    }

    deinit {
        unsafe pieces.deallocate()
    }

    // SAFETY of both below: the index is below the capacity, which is checked.

    func set(_ index: Int, to piece: SendPiece) {
        precondition(index >= 0 && index < capacity)
        unsafe (pieces + index).initialize(to: piece)
    }

    /// The first `count`, which were set.
    @unsafe
    func first(_ count: Int) -> UnsafeBufferPointer<SendPiece> {
        precondition(count >= 0 && count <= capacity)
        return unsafe UnsafeBufferPointer(start: pieces, count: count)
    }
}
