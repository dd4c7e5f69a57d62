// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetConnections
internal import LinnetEvents
internal import LinnetPollers

/// How payloads become bytes on the wire.
extension Reactor where P: ~Copyable {
    /// Puts a frame behind what the connection has to write. Takes over the command's reference.
    mutating func appendFrame(_ command: Command, _ slotIndex: Int, _ driver: ReactorDriver) {
        let byteCount = Int(command.byteCount)
        let isCopied = byteCount <= settings.limits.maxCopiedByteCount
        let overhead = driver.frontByteCount + driver.backByteCount
        guard pieces.hasRoom(for: 3),
            let room = roomForWriting(overhead + (isCopied ? byteCount : 0)),
            let block = writeBlock.block
        else {
            magazine.release(command.block)
            return abort(slotIndex, .writeFailed(.noBufferSpace), driver)
        }
        // SAFETY: the command holds a reference of its block, and its range was checked when the
        // lease was made; it is checked again.
        let payload = unsafe UnsafeRawBufferPointer(
            rebasing: pool.bytes(of: command.block)[
                Int(command.offset)..<Int(command.offset) + byteCount
            ]
        )
        let ends = unsafe driver.writeFrame(slotIndex, payload, command.flags, room, isCopied)
        let start = writeBlock.offset
        if isCopied {
            let total = ends.frontByteCount + byteCount + ends.backByteCount
            appendWritten(start..<start + total, of: block, frameCount: 1, slotIndex)
            magazine.release(command.block)
        } else {
            let middle = start + ends.frontByteCount
            appendWritten(start..<middle, of: block, frameCount: 0, slotIndex)
            appendPayload(command, frameCount: ends.backByteCount == 0 ? 1 : 0, slotIndex)
            let end = middle + ends.backByteCount
            appendWritten(middle..<end, of: block, frameCount: 1, slotIndex)
        }
        noteOutbound(slotIndex)
        markDirty(slotIndex)
    }

    /// Room in the block that frames are written to.
    private mutating func roomForWriting(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        if pieces.count == 0 { writeBlock.offset = 0 }
        if let block = writeBlock.block, blockByteCount - writeBlock.offset < byteCount {
            magazine.release(block)
            writeBlock = CurrentBlock()
        }
        if writeBlock.block == nil {
            let block = magazine.acquire(classIndex: blockClassIndex, mayUseReserve: true)
            writeBlock = CurrentBlock(block: block)
        }
        guard let block = writeBlock.block else { return nil }
        // SAFETY: the reactor holds the block; what was written before ends at the offset.
        return unsafe UnsafeMutableRawBufferPointer(
            rebasing: pool.bytes(of: block)[writeBlock.offset..<writeBlock.offset + byteCount]
        )
    }

    private mutating func appendWritten(
        _ range: Range<Int>,
        of block: Block,
        frameCount: Int,
        _ slotIndex: Int
    ) {
        guard !range.isEmpty else { return }
        writeBlock.offset = range.upperBound
        slots[slotIndex].outboundByteCount += UInt32(truncatingIfNeeded: range.count)
        if frameCount == 1,
            pieces.extendLast(
                of: slots[slotIndex],
                by: range.count,
                at: range.lowerBound,
                in: block
            )
        {
            return
        }
        pool.retain(block)
        let piece = OutboundPieces.Piece(
            block: block,
            offset: UInt32(truncatingIfNeeded: range.lowerBound),
            byteCount: UInt32(truncatingIfNeeded: range.count),
            frameCount: UInt32(truncatingIfNeeded: frameCount)
        )
        let slots = slots
        pieces.append(piece, to: &slots[slotIndex])
    }

    private mutating func appendPayload(_ command: Command, frameCount: Int, _ slotIndex: Int) {
        slots[slotIndex].outboundByteCount += command.byteCount
        let piece = OutboundPieces.Piece(
            block: command.block,
            offset: command.offset,
            byteCount: command.byteCount,
            frameCount: UInt32(truncatingIfNeeded: frameCount)
        )
        let slots = slots
        pieces.append(piece, to: &slots[slotIndex])
    }

    /// Holds the peer back that does not read, and refuses sends to it at the limit.
    private mutating func noteOutbound(_ slotIndex: Int) {
        let byteCount = Int(slots[slotIndex].outboundByteCount)
        guard byteCount >= settings.limits.outboundHighWaterByteCount else { return }
        if !slots[slotIndex].flags.contains(.isHeld) {
            slots[slotIndex].flags.insert(.isHeld)
        }
        if byteCount >= settings.limits.maxOutboundByteCount,
            !slots[slotIndex].flags.contains(.isFull)
        {
            slots[slotIndex].flags.insert(.isFull)
            table.update(id(of: slotIndex)) { $0.outboundIsFull = true }
        }
    }

    /// Writes what the connection has to write, as much as the kernel takes.
    mutating func flush(_ slotIndex: Int, _ driver: ReactorDriver) {
        guard !slots[slotIndex].flags.contains(.isBlocked) else { return }
        while slots[slotIndex].firstPiece != 0 {
            let pieceCount = gatherPieces(slotIndex)
            // SAFETY: the array has as many pieces, whose blocks the connection holds.
            let transfer = unsafe poller.send(
                sendPieces.first(pieceCount),
                to: slots[slotIndex].descriptor
            )
            counters.add(.writes)
            switch transfer {
            // If that was not all, the next call finds out whether there is room for more: only
            // then does the kernel report when there is.
            case .bytes(let byteCount): didSend(byteCount, slotIndex)
            case .wouldBlock:
                slots[slotIndex].flags.insert(.isBlocked)
                didBlock(slotIndex)
                return noteRoom(slotIndex)
            case .failed(let error):
                return abort(slotIndex, error.isReset ? .peerReset : .writeFailed(error), driver)
            }
        }
        if slots[slotIndex].machine.phase == .finished {
            perform(
                slots[slotIndex].machine.outboundEmptied(now: now, deadlines: settings.deadlines),
                slotIndex,
                driver
            )
        }
        noteRoom(slotIndex)
    }

    /// - Returns: how many pieces go out with the next call.
    private mutating func gatherPieces(_ slotIndex: Int) -> Int {
        var pieceIndex = slots[slotIndex].firstPiece
        var count = 0
        while pieceIndex != 0, count < Self.maxSendPieceCount {
            let piece = pieces[pieceIndex]
            // SAFETY: the connection holds the piece's block, and the piece lies within it.
            let bytes = unsafe pool.bytes(of: piece.block)
            let start = unsafe bytes.baseAddress.unsafelyUnwrapped + Int(piece.offset)
            let bytesToSend = unsafe SendPiece(
                base: UnsafeRawPointer(start),
                byteCount: Int(piece.byteCount)
            )
            sendPieces.set(count, to: bytesToSend)
            count += 1
            pieceIndex = piece.next
        }
        return count
    }

    /// Lets go of what the kernel took.
    private mutating func didSend(_ sentByteCount: Int, _ slotIndex: Int) {
        var restByteCount = sentByteCount
        var frameCount = 0
        while restByteCount > 0 {
            let first = pieces[slots[slotIndex].firstPiece]
            if Int(first.byteCount) <= restByteCount {
                restByteCount -= Int(first.byteCount)
                frameCount += Int(first.frameCount)
                let slots = slots
                let piece = pieces.removeFirst(of: &slots[slotIndex])
                magazine.release(piece.block)
            } else {
                pieces.advanceFirst(of: slots[slotIndex], by: restByteCount)
                restByteCount = 0
            }
        }
        slots[slotIndex].outboundByteCount -= UInt32(truncatingIfNeeded: sentByteCount)
        counters.add(.sentBytes, sentByteCount)
        counters.add(.sentFrames, frameCount)
        table.update(id(of: slotIndex)) {
            $0.noteSent(byteCount: sentByteCount, frameCount: frameCount, now: now)
        }
    }

    /// The peer does not read. What it keeps waiting moves out of the block that all write to, so
    /// that a few bytes do not hold it; and if much waits, its time runs.
    private mutating func didBlock(_ slotIndex: Int) {
        if slots[slotIndex].flags.contains(.isHeld), slots[slotIndex].machine.acceptsSends {
            slots[slotIndex].machine.outboundStuck(now: now, deadlines: settings.deadlines)
            noteDeadline(slotIndex)
        }
        guard let shared = writeBlock.block else { return }
        var pieceIndex = slots[slotIndex].firstPiece
        while pieceIndex != 0 {
            let piece = pieces[pieceIndex]
            if piece.block == shared { moveOut(pieceIndex, piece) }
            pieceIndex = piece.next
        }
    }

    private mutating func moveOut(_ pieceIndex: UInt32, _ piece: OutboundPieces.Piece) {
        let byteCount = Int(piece.byteCount)
        guard byteCount < blockByteCount / 4, let block = magazine.acquire(holding: byteCount)
        else { return }
        let start = Int(piece.offset)
        // SAFETY: the piece holds the old block and lies within it; the new one is the reactor's
        // alone, and its class holds the bytes.
        let source = unsafe pool.bytes(of: piece.block)[start..<start + byteCount]
        unsafe pool.bytes(of: block).copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
        pieces.relocate(pieceIndex, to: block, offset: 0)
        magazine.release(piece.block)
    }

    /// Outbound went down: sends and frames may come again.
    private mutating func noteRoom(_ slotIndex: Int) {
        let slot = slots[slotIndex]
        guard slot.flags.contains([.isHeld, .isTaken]) else { return }
        let byteCount = Int(slot.outboundByteCount)
        if slot.flags.contains(.isFull), byteCount <= settings.limits.maxOutboundByteCount / 2 {
            slots[slotIndex].flags.remove(.isFull)
            table.update(id(of: slotIndex)) { $0.outboundIsFull = false }
        }
        guard byteCount <= settings.limits.outboundHighWaterByteCount / 2 else { return }
        slots[slotIndex].machine.outboundMoved()
        slots[slotIndex].flags.remove(.isHeld)
        markReady(slotIndex)
    }
}
