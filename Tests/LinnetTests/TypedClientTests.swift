// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetTestSupport
import Testing

struct TypedClientTests {
    @Test(arguments: Place.all)
    func `a request has its response, or throws the error`(place: Place) async throws {
        try await withPrices(place) { world in
            let client = try await PricesClient.connect(to: world.endpoint)
            let found = try await client.lookup(lookup(7))
            let built = try await client.lookup { lookup in
                lookup.instrument = 8
                return lookup.done()
            }
            let error = await failure { _ = try await client.lookup(lookup(1_000)) }
            #expect(error as? UnknownInstrument == unknownInstrument(1_000))
            await client.close()
            // What was kept outlives the connection.
            let values = [found.value, Instrument(built.view)]
            #expect(values == [instrument(7), instrument(8)])
            let late = await failure { _ = try await client.lookup(lookup(7)) }
            #expect(late as? ClientError == .closed(.closedByApplication(code: 0)))
        }
    }

    @Test(arguments: Place.all, [1, 3, 1_024])
    func `each of many tasks has its own reply`(place: Place, maxRequestCount: Int) async throws {
        try await withPrices(place) { world in
            let client = try await PricesClient.connect(
                to: world.endpoint,
                maxRequestCount: maxRequestCount
            )
            try await withThrowingTaskGroup { group in
                for number in 100..<500 as Range<UInt32> {
                    group.addTask {
                        let count = client.openRequestCount
                        #expect(count <= maxRequestCount)
                        let found = try await client.lookup(lookup(number))
                        #expect(found.value == instrument(number))
                    }
                }
                try await group.waitForAll()
            }
            let count = client.openRequestCount
            #expect(count == 0)
            await client.close()
        }
    }

    @Test(arguments: Place.all)
    func `what the server sends on its own comes in order between replies`(
        place: Place
    ) async throws {
        try await withPrices(Place(isUnix: place.isUnix, execution: place.execution.alone)) {
            world in
            let watcher = try await PricesClient.connect(to: world.endpoint)
            let asker = try await PricesClient.connect(to: world.endpoint)
            for number in 20..<23 as Range<UInt32> {
                let result = try watcher.subscribe(subscribe(number))
                #expect(result == .queued)
            }
            await waitUntil("subscribed") { world.log.count("subscribed") == 3 }
            for number in 0..<300 as Range<UInt32> {
                // Replies and events of both come on the same connections.
                async let own = watcher.lookup(lookup(500))
                async let other = asker.lookup(lookup(20 + number % 3))
                let values = try await [own.value, other.value]
                #expect(values == [instrument(500), instrument(20 + number % 3)])
            }
            for number in 0..<300 as Range<UInt32> {
                switch try await watcher.next() {
                case .quote(let event):
                    #expect(event.value == quote(20 + number % 3))
                }
            }
            let result = try watcher.unsubscribe { message in
                message.instrument = 20
                return message.done()
            }
            #expect(result == .queued)
            await waitUntil("unsubscribed") { world.log.count("unsubscribed") == 1 }
            _ = try await asker.lookup(lookup(20))
            _ = try await asker.lookup(lookup(21))
            switch try await watcher.next() {
            case .quote(let event):
                #expect(event.value == quote(21))
            }
            await watcher.close()
            await asker.close()
        }
    }

    @Test(arguments: [Place.all[2], Place.all[3]])
    func `a request that is cancelled keeps its place, and no other gets its reply`(
        place: Place
    ) async throws {
        try await withPrices(place) { world in
            let client = try await PricesClient.connect(to: world.endpoint)
            let first = Task { try await client.lookup(lookup(2_015)) }
            await waitUntil("it waits") { world.log.gate.waitingCount == 1 }
            let second = Task { try await client.lookup(lookup(3)).value }
            await waitUntil("two wait") { client.openRequestCount == 2 }
            first.cancel()
            let error = await failure { _ = try await first.value }
            #expect(error is CancellationError)
            let count = client.openRequestCount
            #expect(count == 2, "its reply is still to come")
            world.log.gate.open()
            let found = try await second.value
            #expect(found == instrument(3))
            await client.close()
        }
    }

    @Test(arguments: Place.all)
    func `requests that are cancelled at any time disturb no other`(place: Place) async throws {
        try await withPrices(place) { world in
            world.log.gate.open()
            let client = try await PricesClient.connect(to: world.endpoint, maxRequestCount: 16)
            for number in 0..<300 as Range<UInt32> {
                let task = Task { try await client.lookup(lookup(number)).value }
                if number % 2 == 0 { await Task.yield() }
                task.cancel()
                switch await task.result {
                case .success(let value): #expect(value == instrument(number))
                case .failure(let error): #expect(error is CancellationError)
                }
                let found = try await client.lookup(lookup(999 - number)).value
                #expect(found == instrument(999 - number))
            }
            await client.close()
        }
    }

    @Test(arguments: Place.all)
    func `events that nobody takes hold the server back, and none is lost`(
        place: Place
    ) async throws {
        let place = Place(isUnix: place.isUnix, execution: place.execution.alone)
        try await withPrices(place) { world in
            let watcher = try await PricesClient.connect(to: world.endpoint, eventCapacity: 30)
            let asker = try await PricesClient.connect(to: world.endpoint)
            _ = try watcher.subscribe(subscribe(5))
            await waitUntil("subscribed") { world.log.count("subscribed") == 1 }
            for _ in 0..<3_000 { _ = try await asker.lookup(lookup(5)) }
            let waiting = watcher.client.mailbox.inboxCount
            // A third of the capacity, and the packets of one read.
            #expect(waiting <= 10 + 65_536 / 52)
            for _ in 0..<3_000 - world.log.count("missed") {
                switch try await watcher.next() {
                case .quote(let event):
                    #expect(event.value == quote(5))
                }
            }
            let receiver = Task { try await watcher.next() }
            await watcher.close()
            let error = await failure { _ = try await receiver.value }
            #expect(error as? ClientError == .closed(.closedByApplication(code: 0)))
            await asker.close()
        }
    }

    @Test(arguments: Place.all)
    func `a server that stops ends every wait`(place: Place) async throws {
        let world = try PricesWorld(place)
        let client = try await PricesClient.connect(to: world.endpoint)
        let receiver = Task { try await client.next() }
        _ = try await client.lookup(lookup(1))
        world.stop()
        let error = await failure { _ = try await receiver.value }
        #expect(error as? ClientError == .closed(.peerClosed))
        let late = await failure { _ = try await client.lookup(lookup(1)) }
        #expect(late as? ClientError == .closed(.peerClosed))
        let result = try client.subscribe(subscribe(1))
        #expect(result == .closed)
        await client.close()
    }
}

extension Execution {
    /// With one service for all connections, so that they hear of each other.
    var alone: Execution {
        switch self {
        case .workers: .workers(1)
        case .inline: .inline
        }
    }
}
