// SPDX-License-Identifier: Apache-2.0

#if !DEBUG
    // Only the optimizer's work is judged.

    import CTestSupport
    import LinnetBytes
    import LinnetCodec
    import LinnetConnections
    import LinnetEvents
    import Testing

    /// What an event must not do on its way from a reactor through a handler and back: allocate,
    /// and count references.
    @Suite(.serialized, .enabled(if: linnet_counts_costs()))
    struct CostTests {
        /// Answers each frame with its number.
        private struct EchoHandler: Handler {
            typealias F = NumberFraming

            mutating func received(
                _ frame: borrowing FrameView<NumberFraming>,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {
                let number = frame.metadata
                let reply = outbox.magazine.lease(byteCount: 8) {
                    $0.storeLittleEndian(number, at: 0)
                }
                if let reply { _ = outbox.send(reply, to: id) }
            }
        }

        @Test func `a frame, its handler and its reply cost no allocation and no retain`() throws {
            let pool = try PacketPool()
            let table = try ConnectionTable(reactorCount: 1, maxConnectionCount: 16)
            let events = try EventQueue<Event>(capacity: 256, reserveCount: 16)
            let commands = try EventQueue<Command>(capacity: 256, reserveCount: 16)
            let magazine = try pool.magazine()
            var port = EventPort(to: events)
            var eventConsumer = events.makeConsumer()
            var commandConsumer = commands.makeConsumer()
            var runner = HandlerRunner(
                handler: EchoHandler(),
                outbox: try Outbox(
                    magazine: try pool.magazine(),
                    queues: [commands],
                    table: table.memory,
                    workerIndex: 0
                ),
                table: table.memory,
                pool: pool.memory
            )
            let now = MonotonicInstant(nanoseconds: 0)
            let id = try #require(
                table.reserve(reactorIndex: 0, peer: .unknown, workerIndex: 0, now: now)
            )
            var replyCount = 0
            func batch() {
                for number in 0..<64 as Range<UInt64> {
                    _ = magazine.withFrame(number) { _ = port.push($0, from: id) }
                }
                port.flush()
                table.update(id) { $0.noteReceived(byteCount: 512, frameCount: 64, now: now) }
                _ = eventConsumer.drain(maxCount: 64) { _ = runner.handle($0) }
                runner.outbox.flush()
                _ = commandConsumer.drain(maxCount: .max) { command in
                    guard command.kind == .send else { return }
                    replyCount += 1
                    magazine.release(command.block)
                }
            }
            batch()
            let allocations = linnet_allocation_count()
            let retains = linnet_reference_count_operations()
            for _ in 0..<100 { batch() }
            let newRetains = linnet_reference_count_operations() - retains
            let newAllocations = linnet_allocation_count() - allocations
            #expect(newRetains == 0)
            #expect(newAllocations == 0)
            #expect(replyCount == 101 * 64)
        }

        @Test func `readers of the table cost no allocation and no retain`() throws {
            let table = try ConnectionTable(reactorCount: 1, maxConnectionCount: 16)
            let now = MonotonicInstant(nanoseconds: 0)
            let id = try #require(
                table.reserve(reactorIndex: 0, peer: .unknown, workerIndex: 0, now: now)
            )
            var found = 0
            let allocations = linnet_allocation_count()
            let retains = linnet_reference_count_operations()
            for _ in 0..<1_000 {
                if table.contains(id) { found += 1 }
                if table.facts(of: id)?.workerIndex == 0 { found += 1 }
                table.forEach { if $0.id == id { found += 1 } }
            }
            let newRetains = linnet_reference_count_operations() - retains
            let newAllocations = linnet_allocation_count() - allocations
            #expect(newRetains == 0)
            #expect(newAllocations == 0)
            #expect(found == 3_000)
        }
    }
#endif
