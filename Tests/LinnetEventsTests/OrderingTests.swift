// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Synchronization
import Testing

/// The promises of a server, with everything but sockets, on real threads: order, `closed` once and
/// last, no name that outlives its connection, nothing lost. Inline and on workers, the same
/// handler.
@Suite(.serialized) struct OrderingTests {
    @Test(arguments: [
        (reactors: 1, workers: 1, events: 8_192), (reactors: 2, workers: 2, events: 8_192),
        // So small that it is full all the time.
        (reactors: 2, workers: 1, events: 16),
    ])
    func `on workers the promises hold`(reactors: Int, workers: Int, events: Int) throws {
        let world = try LoopbackWorld(reactorCount: reactors, commandCapacity: 128)
        var started: [Worker] = []
        for index in 0..<workers {
            var configuration = Worker.Configuration()
            configuration.queueCapacity = events
            configuration.outboxCapacity = 64
            started.append(
                try Worker.start(
                    index: index,
                    configuration: configuration,
                    pool: world.pool,
                    table: world.table,
                    reactors: world.commands
                ) { CheckingHandler(verdict: world.verdict, seed: UInt64($0) + 100) }
            )
        }
        let threads = started
        runReactors(world, count: reactors) { index in
            try LoopbackReactor(
                index: index,
                world: world,
                workers: threads.map(\.queue),
                connectionCount: connectionCount,
                seed: UInt64(index) + 1
            )
        } endWorkers: {
            for worker in threads {
                while worker.stop() == .full { yieldProcessor() }
                worker.join()
            }
        }
        expectAllDone(world, reactorCount: reactors)
    }

    @Test(arguments: [1, 2])
    func `inline the promises hold`(reactors: Int) throws {
        // So small that it would be full, if a reactor's own commands went that way.
        let world = try LoopbackWorld(reactorCount: reactors, commandCapacity: 16)
        runReactors(world, count: reactors) { index in
            let outbox = try Outbox(
                magazine: try world.pool.magazine(),
                queues: world.commands,
                table: world.table.memory,
                workerIndex: index,
                ownReactorIndex: index
            )
            return try LoopbackReactor(
                index: index,
                world: world,
                workers: [],
                runner: HandlerRunner(
                    handler: CheckingHandler(verdict: world.verdict, seed: UInt64(index) + 100),
                    outbox: outbox,
                    table: world.table.memory,
                    pool: world.pool.memory
                ),
                connectionCount: connectionCount,
                seed: UInt64(index) + 1
            )
        } endWorkers: {
        }
        expectAllDone(world, reactorCount: reactors)
    }

    private var connectionCount: Int { isDebugBuild ? 300 : 3_000 }

    /// Each reactor on a thread; when all have ended, the workers; then what was left on the way.
    private func runReactors(
        _ world: LoopbackWorld,
        count: Int,
        make: @escaping @Sendable (Int) throws -> LoopbackReactor,
        endWorkers: @escaping @Sendable () -> Void
    ) {
        withThreads(count + 1) { index in
            if index == count {
                while world.doneCount.load(ordering: .acquiring) < count { yieldProcessor() }
                endWorkers()
                return world.workersHaveEnded.store(true, ordering: .releasing)
            }
            do {
                var reactor = try make(index)
                reactor.run()
                world.doneCount.add(1, ordering: .releasing)
                // Workers end when what they have asked for has found room.
                while !world.workersHaveEnded.load(ordering: .acquiring) { reactor.idle() }
                reactor.end()
            } catch {
                world.verdict.fault("\(error)")
            }
        }
    }

    private func expectAllDone(_ world: LoopbackWorld, reactorCount: Int) {
        let verdict = world.verdict
        #expect(verdict.allFaults.isEmpty)
        #expect(verdict.total("opened") > connectionCount / 4)
        #expect(verdict.total("opened") == verdict.total("told"))
        #expect(verdict.total("closed") == verdict.total("told"))
        #expect(verdict.total("released") == connectionCount * reactorCount)
        #expect(verdict.total("finished") > 0)
        #expect(verdict.total("replies") > connectionCount)
        #expect(world.table.count == 0)
        #expect(world.blocksInUseCount == 0)
    }
}
