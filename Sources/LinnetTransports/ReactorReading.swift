// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetCodec
internal import LinnetConnections
internal import LinnetPollers

/// How bytes become frames.
extension Reactor where P: ~Copyable {
    /// Reads a connection until nothing is left, it may not go on, or its share of the turn is
    /// used.
    mutating func readInput(_ slotIndex: Int, _ driver: ReactorDriver) {
        let generation = slots[slotIndex].generation
        var turnByteCount = 0
        while slots[slotIndex].flags.contains([.isTaken, .hasInput]),
            slots[slotIndex].generation == generation
        {
            if slots[slotIndex].machine.phase == .lingering {
                guard !slots[slotIndex].flags.contains(.isStalled) else { return }
                turnByteCount += discardInput(slotIndex, driver)
            } else if slots[slotIndex].mayDeliver, !slots[slotIndex].flags.contains(.hasFrames) {
                turnByteCount += readOnce(slotIndex, driver)
            } else {
                return
            }
            if turnByteCount >= settings.limits.maxTurnByteCount {
                return markReady(slotIndex)
            }
        }
    }

    /// Takes up a connection that was held: first the frames that wait, then what the kernel has.
    mutating func resumeReading(_ slotIndex: Int, _ driver: ReactorDriver) {
        if slots[slotIndex].flags.contains(.hasFrames), slots[slotIndex].mayDeliver {
            deliver(.tail(addedByteCount: 0), byteCount: 0, slotIndex, driver)
        }
        guard slots[slotIndex].flags.contains([.isTaken, .hasInput]) else { return }
        readInput(slotIndex, driver)
    }

    /// - Returns: how many bytes were read.
    private mutating func readOnce(_ slotIndex: Int, _ driver: ReactorDriver) -> Int {
        switch driver.readSpace(slotIndex, magazine) {
        case .stalled:
            // It waits alone.
            patience = patience ?? Self.shedPatience
            stall(slotIndex)
            return 0
        case .behindTail(let room):
            // SAFETY: the parser holds the block until it is told how much came.
            let transfer = unsafe poller.receive(from: slots[slotIndex].descriptor, into: room)
            let byteCount = take(transfer, of: room.count, slotIndex, driver)
            if byteCount > 0 {
                deliver(.tail(addedByteCount: byteCount), byteCount: byteCount, slotIndex, driver)
            }
            return byteCount
        case .anyBlock(let frontByteCount):
            return readIntoBlock(slotIndex, frontByteCount: frontByteCount, driver)
        }
    }

    private mutating func readIntoBlock(
        _ slotIndex: Int,
        frontByteCount: Int,
        _ driver: ReactorDriver
    ) -> Int {
        guard let block = blockForReading(frontByteCount: frontByteCount) else {
            stall(slotIndex)
            return 0
        }
        let start = readBlock.offset + frontByteCount
        // SAFETY: the reactor holds the block, and nobody else uses what is behind its offset.
        let room = unsafe UnsafeMutableRawBufferPointer(rebasing: pool.bytes(of: block)[start...])
        let transfer = unsafe poller.receive(from: slots[slotIndex].descriptor, into: room)
        let byteCount = take(transfer, of: room.count, slotIndex, driver)
        guard byteCount > 0 else { return 0 }
        // What leases and events hold stays as it is; the rest of the block is read into next.
        readBlock.offset = (start + byteCount + 63) / 64 * 64
        pool.limitAccess(to: start + byteCount, of: block)
        deliver(.block(block, start..<start + byteCount), byteCount: byteCount, slotIndex, driver)
        pool.limitAccess(to: blockByteCount, of: block)
        return byteCount
    }

    /// The block to read into, with enough room behind its offset.
    private mutating func blockForReading(frontByteCount: Int) -> Block? {
        if let block = readBlock.block {
            if pool.isUnique(block) { readBlock.offset = 0 }
            let room = blockByteCount - readBlock.offset - frontByteCount
            if room >= min(Self.minReadByteCount, blockByteCount - frontByteCount) { return block }
            magazine.release(block)
        }
        readBlock = CurrentBlock(
            block: magazine.acquire(classIndex: blockClassIndex, mayUseReserve: true)
        )
        if readBlock.block == nil { patience = .zero }
        return readBlock.block
    }

    /// Judges what came of a read. Returns how many bytes came; 0 if none.
    private mutating func take(
        _ transfer: Transfer,
        of roomByteCount: Int,
        _ slotIndex: Int,
        _ driver: ReactorDriver
    ) -> Int {
        counters.add(.reads)
        switch transfer {
        case .bytes(0):
            slots[slotIndex].flags.remove(.hasInput)
            endInput(slotIndex, driver)
            return 0
        case .bytes(let byteCount):
            // A short read has emptied the socket; what comes later is reported. Unless an end has
            // been reported already: it is read now.
            if byteCount < roomByteCount, !slots[slotIndex].flags.contains(.hasEnd) {
                slots[slotIndex].flags.remove(.hasInput)
            }
            counters.add(.receivedBytes, byteCount)
            return byteCount
        case .wouldBlock:
            slots[slotIndex].flags.remove(.hasInput)
            return 0
        case .failed(let error):
            slots[slotIndex].flags.remove(.hasInput)
            abort(slotIndex, error.isReset ? .peerReset : .readFailed(error), driver)
            return 0
        }
    }

    private mutating func endInput(_ slotIndex: Int, _ driver: ReactorDriver) {
        let machine = slots[slotIndex].machine
        if machine.phase == .open {
            let failureIndex = driver.endInput(slotIndex)
            if let failureIndex { counters.noteFailure(failureIndex) }
            let reason: CloseReason = failureIndex == nil ? .peerClosed : .truncated
            perform(slots[slotIndex].machine.inputEnded(reason), slotIndex, driver)
        } else {
            perform(slots[slotIndex].machine.peerEnded(), slotIndex, driver)
        }
    }

    /// Delivers the frames of bytes that were read, and does what comes of it.
    private mutating func deliver(
        _ source: DeliverySource,
        byteCount: Int,
        _ slotIndex: Int,
        _ driver: ReactorDriver
    ) {
        let place = place(of: slotIndex)
        let delivery = driver.deliver(place, source, &slots[slotIndex].credits, magazine)
        let credits = slots[slotIndex].credits
        table.update(place.id) {
            $0.noteReceived(byteCount: byteCount, frameCount: delivery.frameCount, now: now)
            if !driver.isInline {
                $0.setInFlight(frameCount: credits.frameCount, byteCount: credits.byteCount)
            }
        }
        counters.add(.receivedFrames, delivery.frameCount)
        if delivery.reply.frameCount > 0 { append(delivery.reply, slotIndex, driver) }
        switch delivery.outcome {
        case .all: slots[slotIndex].flags.remove(.hasFrames)
        case .paused: slots[slotIndex].flags.insert(.hasFrames)
        case .refused:
            slots[slotIndex].flags.insert(.hasFrames)
            if place.workerIndex < workerIsFull.count { workerIsFull[place.workerIndex] = true }
            stall(slotIndex)
        case .failed(let failureIndex):
            slots[slotIndex].flags.remove(.hasFrames)
            counters.noteFailure(failureIndex)
            perform(slots[slotIndex].machine.inputEnded(.framingError), slotIndex, driver)
        }
        if driver.isInline { answerAtOnce(slotIndex, place.id, delivery, driver) }
        if slotIndex == self.slotIndex(of: place.id) { endDeliveryBeforeDrain(slotIndex, driver) }
    }

    /// Handlers that run here have answered: writes that while it is in the cache.
    private mutating func answerAtOnce(
        _ slotIndex: Int,
        _ id: ConnectionID,
        _ delivery: Delivery,
        _ driver: ReactorDriver
    ) {
        obeyOwnCommands(driver)
        guard self.slotIndex(of: id) != nil else { return }
        if slots[slotIndex].firstPiece != 0 {
            markDirty(slotIndex)
            // Answers to many leave together: peers that share a processor wake for all of them.
            // But while they are in the cache.
            unsentByteCount += Int(slots[slotIndex].outboundByteCount)
            if unsentByteCount >= Self.maxUnsentByteCount { flushDirty(driver) }
        }
        // The handler's outbox has room again.
        if case .paused = delivery.outcome, self.slotIndex(of: id) != nil { markReady(slotIndex) }
    }

    /// The server stops: once the frames that were read are delivered, the connection ends.
    private mutating func endDeliveryBeforeDrain(_ slotIndex: Int, _ driver: ReactorDriver) {
        guard slots[slotIndex].flags.contains(.isDraining),
            !slots[slotIndex].flags.contains(.hasFrames)
        else { return }
        requestClose(slotIndex, .serverStopping, driver)
    }

    /// Reads and throws away what comes behind the end.
    private mutating func discardInput(_ slotIndex: Int, _ driver: ReactorDriver) -> Int {
        guard let block = blockForReading(frontByteCount: 0) else {
            stall(slotIndex)
            return 0
        }
        // SAFETY: as in `readIntoBlock`.
        let room = unsafe UnsafeMutableRawBufferPointer(
            rebasing: pool.bytes(of: block)[readBlock.offset...]
        )
        let transfer = unsafe poller.receive(from: slots[slotIndex].descriptor, into: room)
        let byteCount = take(transfer, of: room.count, slotIndex, driver)
        counters.add(.discardedBytes, byteCount)
        return byteCount
    }
}
