// SPDX-License-Identifier: Apache-2.0

internal import LinnetConnections
internal import LinnetPollers

/// Which connections a reactor comes back to: those with more to read, those that wait for room,
/// those with something to write, and those with a deadline.
extension Reactor where P: ~Copyable {
    mutating func markDirty(_ slotIndex: Int) {
        guard !slots[slotIndex].flags.contains(.isDirty) else { return }
        slots[slotIndex].flags.insert(.isDirty)
        dirty.append(slotIndex)
    }

    mutating func markReady(_ slotIndex: Int) {
        guard !slots[slotIndex].flags.contains(.isReady) else { return }
        slots[slotIndex].flags.insert(.isReady)
        ready.append(slotIndex)
    }

    /// Waits for room in a queue or for a block: tries again with the next turn.
    mutating func stall(_ slotIndex: Int) {
        guard !slots[slotIndex].flags.contains(.isStalled) else { return }
        slots[slotIndex].flags.insert(.isStalled)
        stalled.append(slotIndex)
        counters.add(.stalls)
    }

    mutating func continueReady(_ count: Int, _ driver: ReactorDriver) {
        guard count > 0 else { return }
        for position in 0..<count {
            let slotIndex = ready[position]
            slots[slotIndex].flags.remove(.isReady)
            if slots[slotIndex].flags.contains(.isTaken) { resumeReading(slotIndex, driver) }
        }
        ready.removeFirst(count)
    }

    mutating func retryStalled(_ driver: ReactorDriver) {
        let count = stalled.count
        guard count > 0 else { return }
        for worker in workerIsFull.indices { workerIsFull[worker] = false }
        for position in 0..<count {
            let slotIndex = stalled[position]
            // Thousands may wait for one worker. To parse their frames again in each turn, only to
            // hear that there is no room still, took as long as the worker's work.
            if waitsForFullWorker(slotIndex) {
                stalled.append(slotIndex)
                continue
            }
            slots[slotIndex].flags.remove(.isStalled)
            guard slots[slotIndex].flags.contains(.isTaken) else { continue }
            if slots[slotIndex].flags.contains(.owesEnd) {
                postOwedEnd(slotIndex, driver)
            } else if slots[slotIndex].machine.phase == .opening {
                if !slots[slotIndex].flags.contains(.isConnecting) { open(slotIndex, driver) }
            } else {
                resumeReading(slotIndex, driver)
            }
        }
        stalled.removeFirst(count)
    }

    /// Whether all that the connection waits for is a worker that has just refused a frame.
    private func waitsForFullWorker(_ slotIndex: Int) -> Bool {
        let flags = slots[slotIndex].flags
        guard flags.contains([.isTaken, .hasFrames]), !flags.contains(.owesEnd) else {
            return false
        }
        let workerIndex = Int(slots[slotIndex].workerIndex)
        return workerIndex < workerIsFull.count && workerIsFull[workerIndex]
    }

    mutating func flushDirty(_ driver: ReactorDriver) {
        // To write can end a connection, whose handler may send to others: in the next turn.
        unsentByteCount = 0
        let count = min(dirty.count, Self.maxFlushCount)
        guard count > 0 else { return }
        for position in 0..<count {
            let slotIndex = dirty[position]
            slots[slotIndex].flags.remove(.isDirty)
            if slots[slotIndex].flags.contains(.isTaken) {
                flush(slotIndex, driver)
                obeyOwnCommands(driver)
            }
        }
        dirty.removeFirst(count)
    }

    // MARK: Time

    /// Looks at the deadline of a connection from now on, if it has one.
    mutating func noteDeadline(_ slotIndex: Int) {
        guard slots[slotIndex].machine.nextDeadline != nil,
            !slots[slotIndex].flags.contains(.isTimed)
        else { return }
        slots[slotIndex].flags.insert(.isTimed)
        timed.append(slotIndex)
        nextSweep = min(nextSweep, now + Self.sweepInterval)
    }

    mutating func sweepDeadlines(_ driver: ReactorDriver) {
        if now >= drainDeadline { abortAll(driver) }
        let count = timed.count
        for position in 0..<count {
            let slotIndex = timed[position]
            guard slots[slotIndex].flags.contains(.isTaken),
                let deadline = slots[slotIndex].machine.nextDeadline, deadline <= now
            else { continue }
            if slots[slotIndex].flags.contains(.isConnecting) {
                connectionFailed(slotIndex, .timedOut, driver)
            } else {
                perform(slots[slotIndex].machine.timedOut(now: now), slotIndex, driver)
            }
        }
        let slots = slots
        timed.filter { slotIndex in
            if slots[slotIndex].flags.contains(.isTaken),
                slots[slotIndex].machine.nextDeadline != nil
            {
                return true
            }
            slots[slotIndex].flags.remove(.isTimed)
            return false
        }
        let isIdle = timed.count == 0 && drainDeadline == .distantFuture
        nextSweep = isIdle ? .distantFuture : now + Self.sweepInterval
    }
}
