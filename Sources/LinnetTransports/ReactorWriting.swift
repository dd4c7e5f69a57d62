// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetCodec
internal import LinnetConnections
internal import LinnetEvents
internal import LinnetPollers

/// How payloads become bytes on the wire.
extension Reactor where P: ~Copyable {
    /// Puts a frame behind what the connection has to write. Takes over the command's reference.
    mutating func appendFrame(_ command: Command, _ slotIndex: Int, _ driver: ReactorDriver) {
        guard hasNumbers(for: Int(command.byteCount), slotIndex) else {
            magazine.release(command.block)
            return abort(slotIndex, .writeFailed(.noBufferSpace), driver)
        }
        var isAppended = tryToAppendFrame(command, slotIndex, driver)
        // Those who do not read make room for this one.
        for _ in 0..<Self.maxShedCount where !isAppended {
            guard shedSlowest(after: .zero, sparing: slotIndex, driver) else { break }
            isAppended = tryToAppendFrame(command, slotIndex, driver)
        }
        guard isAppended else {
            magazine.release(command.block)
            return abort(slotIndex, .writeFailed(.noBufferSpace), driver)
        }
        noteOutbound(slotIndex)
        markDirty(slotIndex)
    }

    /// Whether so much more can be counted: the same bytes may be sent many times before the
    /// connection is seen to be full.
    private func hasNumbers(for byteCount: Int, _ slotIndex: Int) -> Bool {
        Int(slots[slotIndex].outboundByteCount) + byteCount <= 1 << 31
    }

    private mutating func tryToAppendFrame(
        _ command: Command,
        _ slotIndex: Int,
        _ driver: ReactorDriver
    ) -> Bool {
        command.kind == .sendInPlace
            ? completeFrame(command, slotIndex, driver) : writeFrame(command, slotIndex, driver)
    }

    /// Puts frames that a handler here has sent behind what the connection has to write.
    mutating func append(_ reply: Reply, _ slotIndex: Int, _ driver: ReactorDriver) {
        let hasRoom =
            pieces.hasRoom(for: 1) || shedSlowest(after: .zero, sparing: slotIndex, driver)
        guard hasRoom, hasNumbers(for: reply.byteCount, slotIndex) else {
            magazine.release(reply.block, count: reply.frameCount)
            return abort(slotIndex, .writeFailed(.noBufferSpace), driver)
        }
        let piece = OutboundPieces.Piece(
            block: reply.block,
            offset: UInt32(truncatingIfNeeded: reply.offset),
            byteCount: UInt32(truncatingIfNeeded: reply.byteCount),
            frameCount: UInt32(truncatingIfNeeded: reply.frameCount),
            referenceCount: UInt32(truncatingIfNeeded: reply.frameCount)
        )
        append(piece, slotIndex)
        noteOutbound(slotIndex)
    }

    /// The payload stands where it goes out from, with room around it.
    private mutating func completeFrame(
        _ command: Command,
        _ slotIndex: Int,
        _ driver: ReactorDriver
    ) -> Bool {
        guard pieces.hasRoom(for: 1) else { return false }
        let front = driver.sendLimits.frontByteCount
        let back = driver.sendLimits.backByteCount(flags: command.flags)
        let start = Int(command.offset)
        let end = start + Int(command.byteCount)
        // SAFETY: the command holds a reference of its block, whose bytes from `start - front` to
        // `end + back` are this frame's; the range is checked again.
        let bytes = unsafe pool.bytes(of: command.block)
        let ends = unsafe driver.writeFrame(
            slotIndex,
            UnsafeRawBufferPointer(rebasing: bytes[start..<end]),
            command.flags,
            UnsafeMutableRawBufferPointer(rebasing: bytes[start - front..<start]),
            UnsafeMutableRawBufferPointer(rebasing: bytes[end..<end + back])
        )
        if ends.frontByteCount < front {
            let written = unsafe UnsafeRawBufferPointer(
                rebasing: bytes[start - front..<start - front + ends.frontByteCount]
            )
            unsafe UnsafeMutableRawBufferPointer(
                rebasing: bytes[start - ends.frontByteCount..<start]
            ).copyMemory(from: written)
        }
        let piece = OutboundPieces.Piece(
            block: command.block,
            offset: UInt32(truncatingIfNeeded: start - ends.frontByteCount),
            byteCount: UInt32(
                truncatingIfNeeded: ends.frontByteCount + end - start + ends.backByteCount
            ),
            frameCount: 1
        )
        append(piece, slotIndex)
        return true
    }

    /// The payload stands elsewhere: a short one is copied, a long one goes out from there.
    private mutating func writeFrame(
        _ command: Command,
        _ slotIndex: Int,
        _ driver: ReactorDriver
    ) -> Bool {
        let count = Int(command.byteCount)
        let longest = min(settings.limits.maxCopiedByteCount, blockByteCount / 4)
        let isCopied = count <= longest
        let front = driver.sendLimits.frontByteCount
        let copied = isCopied ? count : 0
        let back = driver.sendLimits.backByteCount(flags: command.flags)
        guard pieces.hasRoom(for: 3), let block = blockForWriting(front + copied + back) else {
            return false
        }
        let start = writeBlock.offset
        // SAFETY: the command holds a reference of its block, and its range is checked; the reactor
        // holds the other, and what was written before ends at `start`.
        let source = unsafe pool.bytes(of: command.block)
        let payload = unsafe UnsafeRawBufferPointer(
            rebasing: source[Int(command.offset)..<Int(command.offset) + count]
        )
        let target = unsafe pool.bytes(of: block)
        let ends = unsafe driver.writeFrame(
            slotIndex,
            payload,
            command.flags,
            UnsafeMutableRawBufferPointer(rebasing: target[start..<start + front]),
            UnsafeMutableRawBufferPointer(
                rebasing: target[start + front + copied..<start + front + copied + back]
            )
        )
        // A front that is shorter than it might be leaves a gap behind it.
        let middle = start + front
        let end = middle + copied + ends.backByteCount
        writeBlock.offset = end
        if isCopied {
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[middle...])
                .copyMemory(from: payload)
            if ends.frontByteCount == front {
                appendWritten(start..<end, of: block, frameCount: 1, slotIndex)
            } else {
                appendWritten(
                    start..<start + ends.frontByteCount,
                    of: block,
                    frameCount: 0,
                    slotIndex
                )
                appendWritten(middle..<end, of: block, frameCount: 1, slotIndex)
            }
            magazine.release(command.block)
        } else {
            appendWritten(
                start..<start + ends.frontByteCount,
                of: block,
                frameCount: 0,
                slotIndex
            )
            let piece = OutboundPieces.Piece(
                block: command.block,
                offset: command.offset,
                byteCount: command.byteCount,
                frameCount: ends.backByteCount == 0 ? 1 : 0
            )
            append(piece, slotIndex)
            appendWritten(middle..<end, of: block, frameCount: 1, slotIndex)
        }
        return true
    }

    /// Puts a frame behind what each connection has to write, in the order of slots, but for one.
    /// Takes over the command's reference.
    ///
    /// A connection that has as much to write as it may misses it; so does one whose handler was
    /// told of its end.
    mutating func broadcast(_ command: Command, _ driver: ReactorDriver) {
        // A piece for each connection and command is many soon: writes what there is at the half.
        if pieces.count > settings.limits.maxOutboundPieceCount / 2 { flushAll(driver) }
        let exceptedID = command.exceptedID
        for slotIndex in 0..<table.usedSlotCount(ofReactor: index) {
            guard slots[slotIndex].flags.contains(.isTaken),
                slots[slotIndex].machine.acceptsSends
            else { continue }
            let id = id(of: slotIndex)
            guard id != exceptedID, table.handlingStage(of: id) != .closed else { continue }
            guard !slots[slotIndex].flags.contains(.isFull), pieces.hasRoom(for: 3) else {
                counters.add(.missedBroadcasts)
                continue
            }
            pool.retain(command.block)
            appendFrame(command, slotIndex, driver)
        }
        magazine.release(command.block)
    }

    private mutating func flushAll(_ driver: ReactorDriver) {
        for slotIndex in 0..<table.usedSlotCount(ofReactor: index)
        where slots[slotIndex].flags.contains(.isTaken) && slots[slotIndex].firstPiece != 0 {
            flush(slotIndex, driver)
        }
    }

    /// The block that frames are written to, with so much room behind its offset.
    private mutating func blockForWriting(_ byteCount: Int) -> Block? {
        if pieces.count == 0 { writeBlock.offset = 0 }
        if let block = writeBlock.block, blockByteCount - writeBlock.offset < byteCount {
            magazine.release(block)
            writeBlock = CurrentBlock()
        }
        if writeBlock.block == nil {
            let block = magazine.acquire(classIndex: blockClassIndex, mayUseReserve: true)
            writeBlock = CurrentBlock(block: block)
        }
        return writeBlock.block
    }

    private mutating func appendWritten(
        _ range: Range<Int>,
        of block: Block,
        frameCount: Int,
        _ slotIndex: Int
    ) {
        guard !range.isEmpty else { return }
        pool.retain(block)
        let piece = OutboundPieces.Piece(
            block: block,
            offset: UInt32(truncatingIfNeeded: range.lowerBound),
            byteCount: UInt32(truncatingIfNeeded: range.count),
            frameCount: UInt32(truncatingIfNeeded: frameCount)
        )
        append(piece, slotIndex)
    }

    private mutating func append(_ piece: OutboundPieces.Piece, _ slotIndex: Int) {
        guard piece.byteCount > 0 else {
            // To send nothing would never end: no call takes it.
            counters.add(.sentFrames, Int(piece.frameCount))
            return magazine.release(piece.block, count: Int(piece.referenceCount))
        }
        let slots = slots
        slots[slotIndex].outboundByteCount += piece.byteCount
        if pieces.extendLast(of: slots[slotIndex], by: piece) { return }
        let isBlocked = slots[slotIndex].flags.contains(.isBlocked)
        if isBlocked, packBehindLast(piece, slotIndex) { return }
        pieces.append(isBlocked ? movedOut(piece) ?? piece : piece, to: &slots[slotIndex])
    }

    /// Holds the peer back that does not read, and refuses sends to it at the limit.
    private mutating func noteOutbound(_ slotIndex: Int) {
        let byteCount = Int(slots[slotIndex].outboundByteCount)
        guard byteCount >= settings.limits.outboundHighWaterByteCount else { return }
        // If both sides waited for the other to read, neither would go on: a connection that we
        // began is read all the same.
        if !slots[slotIndex].flags.contains(.isOutgoing) {
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
                noteRoom(slotIndex)
                return didBlock(slotIndex)
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
                magazine.release(piece.block, count: Int(piece.referenceCount))
            } else {
                pieces.advanceFirst(of: slots[slotIndex], by: restByteCount)
                restByteCount = 0
            }
        }
        slots[slotIndex].outboundByteCount -= UInt32(truncatingIfNeeded: sentByteCount)
        let takenByteCount = Int(slots[slotIndex].takenByteCount) + sentByteCount
        slots[slotIndex].takenByteCount = UInt32(clamping: takenByteCount)
        counters.add(.sentBytes, sentByteCount)
        counters.add(.sentFrames, frameCount)
        table.update(id(of: slotIndex)) {
            $0.noteSent(byteCount: sentByteCount, frameCount: frameCount, now: now)
        }
    }

    /// Outbound went down: sends and frames may come again.
    private mutating func noteRoom(_ slotIndex: Int) {
        let slot = slots[slotIndex]
        guard slot.flags.contains(.isTaken) else { return }
        let byteCount = Int(slot.outboundByteCount)
        if slot.flags.contains(.isFull), byteCount <= settings.limits.maxOutboundByteCount / 2 {
            slots[slotIndex].flags.remove(.isFull)
            table.update(id(of: slotIndex)) { $0.outboundIsFull = false }
        }
        let isLow = byteCount <= settings.limits.outboundHighWaterByteCount / 2
        // Who takes as much as may wait does read, however much is sent to it meanwhile.
        if isLow || slot.takenByteCount >= settings.limits.outboundHighWaterByteCount {
            slots[slotIndex].takenByteCount = 0
            slots[slotIndex].machine.outboundMoved()
        }
        guard isLow, slot.flags.contains(.isHeld) else { return }
        slots[slotIndex].flags.remove(.isHeld)
        markReady(slotIndex)
    }
}
