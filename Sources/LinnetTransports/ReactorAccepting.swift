// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetConnections
internal import LinnetEvents
internal import LinnetPollers

/// How connections come to a reactor.
extension Reactor where P: ~Copyable {
    /// Takes connections that wait, as many as the limit of a turn. The listener is
    /// level-triggered: it reports the rest again.
    mutating func acceptConnections(_ position: Int, _ driver: ReactorDriver) {
        guard position < listeners.count, !isDraining else { return }
        for _ in 0..<settings.limits.maxAcceptCount {
            let target = nextTarget()
            // Only acceptors add connections, so what is free now is free below.
            guard let target, table.connectionCount(ofReactor: target) < table.slotCount else {
                return suspendAccepting()
            }
            switch poller.accept(from: listeners[position].descriptor) {
            case .connection(let descriptor, let peer):
                // Linux has passed the listener's options on.
                counters.add(.accepted)
                nextReactor = (target + 1) % reactors.count
                place(descriptor, peer, reactorIndex: chosen(target, descriptor), driver)
            case .gone: counters.add(.refused)
            case .none: return
            case .exhausted: return suspendAccepting()
            // A listener that is broken, or shut down because the server stops, has nothing for us;
            // a later try shows whether it still is.
            case .failed: return suspendAccepting(becauseFull: false)
            }
        }
    }

    /// The reactor of the next connection, as far as it does not depend on its descriptor. `nil` if
    /// none has room.
    private func nextTarget() -> Int? {
        switch settings.balance {
        case .reusePort: return index
        case .descriptorHash, .roundRobin:
            // Whose turn it is changes when a connection is there.
            for step in reactors.indices {
                let target = (nextReactor + step) % reactors.count
                if table.connectionCount(ofReactor: target) < table.slotCount { return target }
            }
            return nil
        case .leastConnections:
            return reactors.indices.min {
                table.connectionCount(ofReactor: $0) < table.connectionCount(ofReactor: $1)
            }
        }
    }

    private func chosen(_ target: Int, _ descriptor: Descriptor) -> Int {
        guard settings.balance == .descriptorHash else { return target }
        let hashed = Int(descriptor.rawValue) % reactors.count
        return table.connectionCount(ofReactor: hashed) < table.slotCount ? hashed : target
    }

    /// Gives a new connection to its reactor.
    private mutating func place(
        _ descriptor: Descriptor,
        _ peer: PeerAddress,
        reactorIndex: Int,
        _ driver: ReactorDriver
    ) {
        let workerIndex = settings.workerCount == 0 ? reactorIndex : nextWorker
        if settings.workerCount > 0 { nextWorker = (nextWorker + 1) % settings.workerCount }
        let id = table.reserve(
            reactorIndex: reactorIndex,
            peer: peer,
            workerIndex: workerIndex,
            now: now
        )
        guard let id else {
            counters.add(.refused)
            parked.append(descriptor)
            return
        }
        if reactorIndex == index {
            return adopt(id, descriptor, isConnecting: false, driver)
        }
        let command = Command.adopt(id, descriptor: descriptor.rawValue, isConnecting: false)
        if reactors[reactorIndex].push(command, isControl: true) == .queued {
            reactors[reactorIndex].wakeConsumer()
        } else {
            counters.add(.refused)
            table.release(id)
            parked.append(descriptor)
        }
    }

    /// Stops accepting for a moment: connections wait in the backlog.
    private mutating func suspendAccepting(becauseFull: Bool = true) {
        if becauseFull { counters.add(.acceptStalls) }
        for position in listeners.indices where !listeners[position].isSuspended {
            listeners[position].isSuspended = true
            poller.forget(listeners[position].descriptor)
        }
        acceptsAgainAt = now + Self.acceptRetryInterval
    }

    mutating func resumeAccepting() {
        acceptsAgainAt = .distantFuture
        for position in listeners.indices where listeners[position].isSuspended {
            do throws(Errno) {
                try poller.setListening(
                    true,
                    listeners[position].descriptor,
                    token: Self.listenerToken(position)
                )
                listeners[position].isSuspended = false
            } catch {
                acceptsAgainAt = now + Self.acceptRetryInterval
            }
        }
    }

    /// Accepts nothing more.
    mutating func endAccepting() {
        for listener in listeners where !listener.isSuspended {
            poller.forget(listener.descriptor)
        }
        listeners.removeAll()
        acceptsAgainAt = .distantFuture
    }

    /// Takes over a connection that is accepted, or that connects.
    mutating func adopt(
        _ id: ConnectionID,
        _ descriptor: Descriptor,
        isConnecting: Bool,
        _ driver: ReactorDriver
    ) {
        let slotIndex = id.slotIndex
        var slot = ReactorSlot(
            machine: ConnectionMachine(now: now, deadlines: settings.deadlines),
            descriptor: descriptor,
            id: id,
            workerIndex: table.workerIndex(of: id) ?? 0,
            keeping: slots[slotIndex].flags
        )
        if isConnecting { slot.flags.insert([.isConnecting, .isOutgoing]) }
        slots.initialize(slotIndex, to: slot)
        openCount += 1
        watchSilence()
        do throws(Errno) {
            try poller.watch(descriptor, as: .stream, token: id.rawValue)
        } catch {
            counters.add(.refused)
            if isConnecting { return connectionFailed(slotIndex, error, driver) }
            return perform(
                slots[slotIndex].machine.aborted(.connectFailed(error)),
                slotIndex,
                driver
            )
        }
        noteDeadline(slotIndex)
        if isDraining {
            if isConnecting { return connectionFailed(slotIndex, .canceled, driver) }
            return abort(slotIndex, .serverStopped, driver)
        }
        if !isConnecting { open(slotIndex, driver) }
    }

    /// Tells the handler's side of the connection, or tries later if it has no room.
    mutating func open(_ slotIndex: Int, _ driver: ReactorDriver) {
        let place = place(of: slotIndex)
        guard driver.open(place) == .queued else { return stall(slotIndex) }
        slots[slotIndex].flags.insert(.isOpened)
        counters.add(.opened)
        perform(slots[slotIndex].machine.opened(), slotIndex, driver)
        // Now what is sent goes out. Nobody waits for it if it took too long.
        if slots[slotIndex].flags.contains(.isOutgoing), !driver.connected(place.id, nil) {
            requestClose(slotIndex, .closedByApplication(code: 0), driver)
        }
        if driver.isInline { obeyOwnCommands(driver) }
    }

    mutating func finishConnecting(_ slotIndex: Int, _ driver: ReactorDriver) {
        if let error = poller.connectionError(of: slots[slotIndex].descriptor) {
            return connectionFailed(slotIndex, error, driver)
        }
        slots[slotIndex].flags.remove(.isConnecting)
        open(slotIndex, driver)
    }

    mutating func connectionFailed(_ slotIndex: Int, _ error: Errno, _ driver: ReactorDriver) {
        slots[slotIndex].flags.remove(.isConnecting)
        perform(slots[slotIndex].machine.aborted(.connectFailed(error)), slotIndex, driver)
    }
}
