// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetConnections
internal import LinnetPollers

/// What becomes of outbound whose peer does not read.
extension Reactor where P: ~Copyable {
    /// The peer does not read. Its time runs, and what it keeps waiting moves to blocks of its
    /// size, so that a few bytes do not hold a large one.
    mutating func didBlock(_ slotIndex: Int) {
        if slots[slotIndex].machine.acceptsSends {
            slots[slotIndex].machine.outboundStuck(now: now, deadlines: settings.deadlines)
            noteDeadline(slotIndex)
        }
        var pieceIndex = slots[slotIndex].firstPiece
        while pieceIndex != 0 {
            let piece = pieces[pieceIndex]
            if let moved = movedOut(piece) { pieces.relocate(pieceIndex, to: moved.block) }
            pieceIndex = piece.next
        }
    }

    /// Whether a piece would keep a block that is large beside it.
    private func isSmall(_ piece: OutboundPieces.Piece) -> Bool {
        Int(piece.byteCount) * 4 < pool.byteCount(of: piece.block)
    }

    /// The same bytes in a block of their size, if they are few beside theirs and there is one.
    /// Who has a block alone gains nothing by another of its class.
    func movedOut(_ piece: OutboundPieces.Piece) -> OutboundPieces.Piece? {
        let classIndex = pool.classIndex(holding: Int(piece.byteCount))
        guard isSmall(piece), let classIndex,
            classIndex != piece.block.index.classIndex
                || !pool.isUnique(piece.block, count: Int(piece.referenceCount)),
            let block = magazine.acquire(classIndex: classIndex)
        else { return nil }
        var moved = piece
        moved.block = block
        moved.offset = 0
        moved.referenceCount = 1
        copy(piece, to: block, at: 0)
        return moved
    }

    /// Puts the bytes of a new piece that is small beside its block behind those of the last, if
    /// nobody else holds that one's block: so a peer that does not read keeps about what it is
    /// sent.
    mutating func packBehindLast(_ piece: OutboundPieces.Piece, _ slotIndex: Int) -> Bool {
        guard slots[slotIndex].lastPiece != 0, isSmall(piece) else { return false }
        let last = pieces[slots[slotIndex].lastPiece]
        let end = Int(last.offset) + Int(last.byteCount)
        guard pool.byteCount(of: last.block) - end >= Int(piece.byteCount),
            pool.isUnique(last.block, count: Int(last.referenceCount))
        else { return false }
        // Nobody else holds the block, whatever its end was limited to when it was filled.
        pool.limitAccess(to: end + Int(piece.byteCount), of: last.block)
        copy(piece, to: last.block, at: end)
        var added = piece
        added.block = last.block
        added.offset = UInt32(truncatingIfNeeded: end)
        added.referenceCount = 0
        return pieces.extendLast(of: slots[slotIndex], by: added)
    }

    /// Copies the bytes of a piece and lets go of its block.
    private func copy(_ piece: OutboundPieces.Piece, to block: Block, at target: Int) {
        let start = Int(piece.offset)
        let byteCount = Int(piece.byteCount)
        // SAFETY: the piece holds its block and lies within it; the other one is the connection's
        // alone behind `target`, and the slices check that it has the room.
        let source = unsafe pool.bytes(of: piece.block)[start..<start + byteCount]
        let room = unsafe pool.bytes(of: block)[target..<target + byteCount]
        unsafe UnsafeMutableRawBufferPointer(rebasing: room)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
        magazine.release(piece.block, count: Int(piece.referenceCount))
    }
}
