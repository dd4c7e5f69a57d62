// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetConnections
internal import LinnetEvents
internal import LinnetPollers

/// What a reactor does on command, and how connections end.
extension Reactor where P: ~Copyable {
    /// Obeys what other threads have posted, up to the limit of a turn.
    mutating func obeyCommands(_ driver: ReactorDriver) {
        var count = 0
        while count < Self.maxCommandCount, let command = commands.pop() {
            obey(command, driver)
            // A broadcast is as much work as sends to all.
            count += command.kind == .broadcast ? max(1, openCount) : 1
        }
        commands.publish()
        hasMoreCommands = count >= Self.maxCommandCount
    }

    /// Obeys what handlers that run here have asked for.
    mutating func obeyOwnCommands(_ driver: ReactorDriver) {
        guard driver.isInline, !isObeying else { return }
        isObeying = true
        while let command = driver.takeCommand() { obey(command, driver) }
        isObeying = false
    }

    private mutating func obey(_ command: Command, _ driver: ReactorDriver) {
        switch command.kind {
        case .adopt:
            let descriptor = Descriptor(rawValue: command.descriptor)
            return adopt(command.id, descriptor, isConnecting: command.isConnecting, driver)
        case .broadcast: return broadcast(command, driver)
        case .drain: return drain(driver)
        case .end:
            hasEnded = true
            return
        default: break
        }
        guard let slotIndex = slotIndex(of: command.id) else {
            if command.holdsBlock { drop(command) }
            return
        }
        switch command.kind {
        case .send, .sendInPlace:
            guard slots[slotIndex].machine.acceptsSends else { return drop(command) }
            appendFrame(command, slotIndex, driver)
        case .close: requestClose(slotIndex, command.reason, driver)
        case .finished:
            let action = slots[slotIndex].machine.finished(
                hasOutbound: slots[slotIndex].firstPiece != 0,
                now: now,
                deadlines: settings.deadlines
            )
            perform(action, slotIndex, driver)
        case .credit: takeCredit(command, slotIndex, driver)
        case .pause:
            // A server that stops delivers what it has read.
            if slots[slotIndex].flags.contains(.isDraining) { break }
            slots[slotIndex].flags.insert(.isPaused)
        case .resume:
            slots[slotIndex].flags.remove(.isPaused)
            markReady(slotIndex)
        case .adopt, .broadcast, .drain, .end: break
        }
    }

    private mutating func drop(_ command: Command) {
        magazine.release(command.block)
        counters.add(.droppedSends)
    }

    private mutating func takeCredit(
        _ command: Command,
        _ slotIndex: Int,
        _ driver: ReactorDriver
    ) {
        let isResumed = slots[slotIndex].credits.giveBack(
            frameCount: Int(command.frameCount),
            byteCount: Int(command.byteCount),
            within: settings.creditLimits
        )
        if isResumed { resumeReading(slotIndex, driver) }
    }

    mutating func requestClose(
        _ slotIndex: Int,
        _ reason: CloseReason,
        _ driver: ReactorDriver
    ) {
        let action = slots[slotIndex].machine.closeRequested(
            reason,
            now: now,
            deadlines: settings.deadlines
        )
        perform(action, slotIndex, driver)
    }

    mutating func abort(_ slotIndex: Int, _ reason: CloseReason, _ driver: ReactorDriver) {
        perform(slots[slotIndex].machine.aborted(reason), slotIndex, driver)
    }

    /// Does what the life cycle says.
    mutating func perform(
        _ action: ConnectionMachine.Action,
        _ slotIndex: Int,
        _ driver: ReactorDriver
    ) {
        noteDeadline(slotIndex)
        let phase = slots[slotIndex].machine.phase
        if action != .none, phase != .closed {
            table.update(id(of: slotIndex)) { $0.phase = phase }
        }
        switch action {
        case .none: break
        case .beginReading:
            // What has arrived already is reported after the registration; but a connection that
            // waited for its worker may have missed that.
            if slots[slotIndex].flags.contains(.hasInput) { markReady(slotIndex) }
        case .postInputEnded, .releaseAndPostClosed:
            slots[slotIndex].flags.insert(.owesEnd)
            slots[slotIndex].flags.remove(.hasFrames)
            if slots[slotIndex].flags.contains(.isOpened) { driver.dropInput(slotIndex) }
            if slots[slotIndex].machine.phase == .closed { closeSocket(slotIndex) }
            postOwedEnd(slotIndex, driver)
        case .shutDown:
            sendFIN(slotIndex)
            // What came meanwhile was not read.
            slots[slotIndex].flags.insert(.hasInput)
            markReady(slotIndex)
        case .shutDownAndRelease:
            sendFIN(slotIndex)
            closeSocket(slotIndex)
            release(slotIndex, driver)
        case .release:
            closeSocket(slotIndex)
            if !slots[slotIndex].flags.contains(.owesEnd) { release(slotIndex, driver) }
        }
    }

    /// Tells the handler's side of the end, behind all frames; tries again later if it has no room.
    mutating func postOwedEnd(_ slotIndex: Int, _ driver: ReactorDriver) {
        let id = id(of: slotIndex)
        let machine = slots[slotIndex].machine
        let reason = machine.reason ?? .serverStopped
        let event: Event =
            machine.phase == .closed ? .closed(id, reason) : .inputEnded(id, reason)
        slots[slotIndex].flags.remove(.owesEnd)
        if driver.post(event, Int(slots[slotIndex].workerIndex)) == .full {
            slots[slotIndex].flags.insert(.owesEnd)
            return stall(slotIndex)
        }
        if machine.phase == .closed { release(slotIndex, driver) }
        obeyOwnCommands(driver)
    }

    private mutating func sendFIN(_ slotIndex: Int) {
        poller.shutDownSending(slots[slotIndex].descriptor)
        slots[slotIndex].flags.insert(.hasShutDown)
    }

    /// Forgets the socket and what was to be written to it; its descriptor is closed at the end of
    /// the turn. A peer that got no FIN gets RST: what it has is not all.
    private mutating func closeSocket(_ slotIndex: Int) {
        let slots = slots
        parked.append(slots[slotIndex].descriptor)
        if slots[slotIndex].flags.contains(.isOpened),
            !slots[slotIndex].flags.contains(.hasShutDown)
        {
            poller.prepareToAbort(slots[slotIndex].descriptor)
        }
        while slots[slotIndex].firstPiece != 0 {
            let piece = pieces.removeFirst(of: &slots[slotIndex])
            magazine.release(piece.block, count: Int(piece.referenceCount))
        }
        slots[slotIndex].outboundByteCount = 0
    }

    /// Ends the name: nothing of this connection is left.
    private mutating func release(_ slotIndex: Int, _ driver: ReactorDriver) {
        if let reason = slots[slotIndex].machine.reason { counters.noteEnd(reason) }
        counters.add(.released)
        if slots[slotIndex].flags.contains(.isOpened) {
            driver.forget(slotIndex)
        } else if slots[slotIndex].flags.contains(.isOutgoing) {
            let error = slots[slotIndex].machine.reason.map(\.connectError) ?? .canceled
            _ = driver.connected(id(of: slotIndex), error)
        }
        table.release(id(of: slotIndex))
        slots[slotIndex].flags.formIntersection(.lists)
        openCount -= 1
        if acceptsAgainAt != .distantFuture { acceptsAgainAt = now }
    }

    /// The pool ran dry: of the connections whose peers have taken nothing for so long, the one
    /// that keeps most of it makes room for the others; if there is none, of those that have begun
    /// a frame and sent nothing for a while, the one that was silent longest.
    ///
    /// - Parameter sparedIndex: the slot of the connection for which room is made.
    /// - Returns: whether there was one.
    mutating func shedSlowest(
        after patience: Duration,
        sparing sparedIndex: Int? = nil,
        _ driver: ReactorDriver
    ) -> Bool {
        let slowest = slowestReader(after: patience, sparing: sparedIndex)
        let idlest = slowest == nil ? idlestSender(sparing: sparedIndex, driver) : nil
        guard let slotIndex = slowest ?? idlest else { return false }
        counters.add(.shed)
        // What its handler asks for waits: those who need the room are in the middle of something.
        let wasObeying = isObeying
        isObeying = true
        if slowest != nil {
            abort(slotIndex, .writeTimeout, driver)
        } else {
            requestClose(slotIndex, .frameTimeout, driver)
        }
        isObeying = wasObeying
        return true
    }

    /// Who keeps most answers waiting. O(slots).
    private func slowestReader(after patience: Duration, sparing sparedIndex: Int?) -> Int? {
        var slowest: Int?
        var most = Self.minShedByteCount
        for slotIndex in 0..<table.usedSlotCount(ofReactor: index) {
            let slot = slots[slotIndex]
            // Of a connection that we began the pool may be dry for our own sake.
            guard slot.flags.contains([.isTaken, .isBlocked]),
                !slot.flags.contains(.isOutgoing),
                Int(slot.outboundByteCount) >= most, slotIndex != sparedIndex,
                isStuck(slot, for: patience)
            else { continue }
            most = Int(slot.outboundByteCount)
            slowest = slotIndex
        }
        return slowest
    }

    /// Who has begun a frame and was silent longest since. O(slots).
    private func idlestSender(sparing sparedIndex: Int?, _ driver: ReactorDriver) -> Int? {
        var idlest: Int?
        var oldest = now + (.zero - Self.shedPatience)
        for slotIndex in 0..<table.usedSlotCount(ofReactor: index) {
            let slot = slots[slotIndex]
            // Who waits for a block is silent because we are.
            guard slot.flags.contains([.isTaken, .isOpened]), slot.machine.mayRead,
                slot.flags.isDisjoint(with: [.isStalled, .hasFrames, .hasInput, .isOutgoing]),
                slotIndex != sparedIndex, driver.heldByteCount(slotIndex) > 0,
                let facts = table.facts(of: id(of: slotIndex)), facts.lastActivity < oldest
            else { continue }
            oldest = facts.lastActivity
            idlest = slotIndex
        }
        return idlest
    }

    /// The write deadline runs since the peer took something.
    private func isStuck(_ slot: ReactorSlot, for patience: Duration) -> Bool {
        guard patience > .zero, let deadline = slot.machine.nextDeadline else { return true }
        return settings.deadlines.write - now.duration(to: deadline) >= patience
    }

    // MARK: The server stops

    /// Accepts nothing more, and takes leave of all connections: what was read is delivered and
    /// answered.
    mutating func drain(_ driver: ReactorDriver) {
        guard !isDraining else { return }
        // The handler is told first, as soon as its outbox has room for what it says.
        isDrainWanted = driver.isInline && driver.post(.stopping, index) == .full
        guard !isDrainWanted else { return }
        isDraining = true
        endAccepting()
        settings.deadlines = settings.deadlines.draining(within: drainState.limit)
        drainDeadline = now + settings.deadlines.drain
        obeyOwnCommands(driver)
        _ = driver.endBatch()
        nextSweep = min(nextSweep, now + Self.sweepInterval)
        for slotIndex in 0..<table.usedSlotCount(ofReactor: index)
        where slots[slotIndex].flags.contains(.isTaken) {
            if slots[slotIndex].flags.contains(.hasFrames), slots[slotIndex].machine.mayRead {
                slots[slotIndex].flags.insert(.isDraining)
                slots[slotIndex].flags.remove(.hasInput)
                // Who paused may never have meant to go on.
                slots[slotIndex].flags.remove(.isPaused)
                markReady(slotIndex)
            } else {
                requestClose(slotIndex, .serverStopping, driver)
            }
        }
    }

    /// The time for taking leave is over.
    mutating func abortAll(_ driver: ReactorDriver) {
        drainDeadline = .distantFuture
        for slotIndex in 0..<table.usedSlotCount(ofReactor: index)
        where slots[slotIndex].flags.contains(.isTaken) {
            abort(slotIndex, .serverStopped, driver)
            obeyOwnCommands(driver)
        }
    }
}

extension CloseReason {
    /// Why a connection that ended before it was open could not be made.
    fileprivate var connectError: Errno {
        switch self {
        case .connectFailed(let error): error
        case .openingTimeout: .timedOut
        default: .canceled
        }
    }
}
