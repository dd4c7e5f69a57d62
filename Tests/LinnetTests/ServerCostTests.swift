// SPDX-License-Identifier: Apache-2.0

#if !DEBUG
    // Only the optimizer's work is judged.

    import CTestSupport
    import Foundation
    import Linnet
    import LinnetBytes
    import LinnetCodec
    import LinnetConnections
    import LinnetEvents
    import LinnetTestSupport
    import LinnetTransports
    import Logging
    import Testing

    /// What a packet must not do on its way from the kernel through a handler and back to it:
    /// allocate, and count references. Counted on the threads of the server alone.
    @Suite(.serialized, .enabled(if: linnet_counts_costs()))
    struct ServerCostTests {
        private struct Echo: Handler {
            mutating func received(
                _ packet: borrowing PacketView,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {
                _ = outbox.send(packet.lease(), to: id)
            }
        }

        private struct CopyingEcho: Handler {
            mutating func received(
                _ packet: borrowing PacketView,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {
                _ = outbox.send(copying: packet.payload, to: id)
            }
        }

        @Test(arguments: Setup.plain, [(1, 40), (16, 40), (16, 2_000), (4, 20_000)])
        func `an echo of a lease costs nothing`(
            setup: Setup,
            load: (depth: Int, payloadByteCount: Int)
        ) throws {
            try expectNoCosts(setup, load) { _ in Echo() }
        }

        @Test(arguments: Setup.plain, [(1, 40), (16, 40), (16, 2_000)])
        func `an echo of a copy costs nothing`(
            setup: Setup,
            load: (depth: Int, payloadByteCount: Int)
        ) throws {
            try expectNoCosts(setup, load) { _ in CopyingEcho() }
        }

        private struct FrameEcho<F: Framing>: Handler {
            mutating func received(
                _ frame: borrowing FrameView<F>,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {
                _ = outbox.send(frame, to: id)
            }
        }

        @Test(arguments: Setup.plain, [(1, 64), (16, 64), (4, 16_384)])
        func `an echo on other wires costs nothing`(
            setup: Setup,
            load: (depth: Int, payloadByteCount: Int)
        ) throws {
            func expectNoCosts<F: Framing>(_ framing: F, _ naive: NaiveFraming?) throws {
                let costs = try costs(setup, framing, load) { _ in
                    FrameEcho<F>()
                } frame: { _, payload in
                    naive?.encode(payload) ?? payload
                }
                #expect(costs.allSatisfy { $0 == Costs() }, "\(costs)")
            }
            try expectNoCosts(BytesFraming(), nil)
            try expectNoCosts(
                LineFraming(delimiter: .lf, maxLineByteCount: 20_000),
                .line(delimiter: [0x0A], isLenient: false, maxByteCount: 20_000)
            )
            try expectNoCosts(
                LengthPrefixedFraming(width: .four),
                .length(width: 4, isBig: true, countsItself: false, maxByteCount: 20_000)
            )
        }

        private struct Answering: Handler {
            typealias F = HTTP1Framing

            mutating func received(
                _ request: borrowing HTTP1Request,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {
                guard let body = request.header("X-Body") else { return }
                _ = outbox.respond(
                    to: request.head,
                    of: id,
                    contentType: "text/plain",
                    headers: { $0.append("X-Number", decimal: 7) },
                    body: body
                )
            }
        }

        @Test(arguments: Setup.plain, [(1, 40), (16, 40), (4, 8_000)])
        func `a response costs nothing`(
            setup: Setup,
            load: (depth: Int, payloadByteCount: Int)
        ) throws {
            // A request is as long as its response, so that the peer knows what comes.
            let costs = try costs(setup, HTTP1Framing(), load) { _ in
                Answering()
            } frame: { _, payload in
                let body = String(repeating: "a", count: payload.count)
                let response =
                    "HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n"
                    + "Content-Type: text/plain\r\nX-Number: 7\r\n\r\n\(body)"
                let request = "GET / HTTP/1.1\r\nHost: a\r\nX-Body: \(body)\r\nX: "
                let count = response.utf8.count - request.utf8.count - 4
                return Array("\(request)\(String(repeating: "b", count: count))\r\n\r\n".utf8)
            }
            #expect(costs.allSatisfy { $0 == Costs() }, "\(costs)")
        }

        /// Says of every instrument that there is none.
        private struct EmptyBoard: PricesService {
            mutating func subscribe(
                _ message: Subscribe.View,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {}

            mutating func unsubscribe(
                _ message: Unsubscribe.View,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {}

            mutating func lookup(
                _ request: Lookup.View,
                from id: ConnectionID,
                reply: consuming Linnet.Reply<Prices, Lookup>,
                outbox: inout Outbox
            ) -> Replied {
                let instrument = request.instrument
                return reply.unknownInstrument(through: &outbox) { unknown in
                    unknown.instrument = instrument
                    return unknown.done()
                }
            }
        }

        @Test(arguments: Setup.plain, [1, 16])
        func `a request of a service costs nothing`(setup: Setup, depth: Int) throws {
            // A reply is as long as its request, so that the peer knows what comes.
            let request = try Lookup(instrument: 7).encoded()
            let load = (depth: depth, payloadByteCount: request.count)
            let costs = try costs(setup, PacketFraming(), load) { _ in
                ServiceHandler(EmptyBoard())
            } frame: { peer, _ in
                peer.next(request)
            }
            #expect(costs.allSatisfy { $0 == Costs() }, "\(costs)")
        }

        private struct AllocatingEcho: Handler {
            var kept: [UInt8] = []

            mutating func received(
                _ packet: borrowing PacketView,
                from id: ConnectionID,
                outbox: inout Outbox
            ) {
                kept = [UInt8](packet.payload)
                _ = outbox.send(copying: kept.rawSpan, to: id)
            }
        }

        @Test(arguments: Setup.plain)
        func `what allocates is found`(setup: Setup) throws {
            let load = (depth: 4, payloadByteCount: 40)
            let costs = try costs(setup, PacketFraming(), load) { _ in
                AllocatingEcho()
            } frame: {
                $0.next($1)
            }
            #expect(costs.contains { $0.allocationCount >= 2_000 && $0.referenceCount >= 2_000 })
        }

        private func expectNoCosts<H: Handler & SendableMetatype>(
            _ setup: Setup,
            _ load: (depth: Int, payloadByteCount: Int),
            _ makeHandler: @escaping @Sendable (Int) -> H
        ) throws where H.F == PacketFraming {
            let costs = try costs(setup, PacketFraming(), load, makeHandler) { $0.next($1) }
            #expect(costs.allSatisfy { $0 == Costs() }, "\(costs)")
        }

        /// What thousands of packets have cost each thread of the server, behind some that warm up.
        ///
        /// - Parameter frame: the next of a peer, with that payload.
        private func costs<H: Handler & SendableMetatype>(
            _ setup: Setup,
            _ framing: H.F,
            _ load: (depth: Int, payloadByteCount: Int),
            _ makeHandler: @escaping @Sendable (Int) -> H,
            frame: (RawPeer, [UInt8]) -> [UInt8]
        ) throws -> [Costs] {
            let (server, threads) = try start(setup, framing, makeHandler)
            defer { server.stop(within: .seconds(20)) }
            let peer = try RawPeer(try #require(server.endpoints.first))
            try exchange(peer, load, batchCount: 200, frame)
            let before = threads.map(Costs.init(ofThread:))
            let packetCount = load.payloadByteCount > 1_000 ? 2_000 : 20_000
            try exchange(peer, load, batchCount: packetCount / load.depth, frame)
            let after = threads.map(Costs.init(ofThread:))
            peer.close()
            return zip(after, before).map { $0 - $1 }
        }

        /// A server, and the numbers of its threads: others may begin at the same time.
        private func start<H: Handler & SendableMetatype>(
            _ setup: Setup,
            _ framing: H.F,
            _ makeHandler: @escaping @Sendable (Int) -> H
        ) throws -> (Server, [CInt]) {
            var configuration = ServerConfiguration(
                endpoints: [setup.makeEndpoint()],
                execution: setup.execution
            )
            configuration.maxConnectionCount = 64
            configuration.logger.logLevel = .critical
            for _ in 0..<100 {
                let before = Self.threads
                let server = Server(configuration)
                try server.start(framing: framing, makeHandler: makeHandler)
                let threads = Self.threads.subtracting(before).sorted()
                if threads.count == (setup.execution == .inline ? 1 : 2) {
                    return (server, threads)
                }
                server.stop(within: .seconds(20))
            }
            throw Errno(rawValue: EAGAIN)
        }

        private static var threads: Set<CInt> {
            let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
            let numbers = (names ?? []).compactMap { CInt($0) }
            return Set(
                numbers.filter {
                    let path = "/proc/self/task/\($0)/comm"
                    return (try? String(contentsOfFile: path, encoding: .utf8))?
                        .hasPrefix("linnet-") ?? false
                }
            )
        }

        private func exchange(
            _ peer: RawPeer,
            _ load: (depth: Int, payloadByteCount: Int),
            batchCount: Int,
            _ frame: (RawPeer, [UInt8]) -> [UInt8]
        ) throws {
            let payload = [UInt8](repeating: 7, count: load.payloadByteCount)
            for _ in 0..<batchCount {
                let bytes = (0..<load.depth).flatMap { _ in frame(peer, payload) }
                peer.send(bytes)
                try #require(peer.receive(bytes.count).count == bytes.count)
            }
        }

        private struct Costs: Equatable {
            var allocationCount: UInt64 = 0
            var referenceCount: UInt64 = 0

            init() {}

            static func - (left: Costs, right: Costs) -> Costs {
                var difference = left
                difference.allocationCount -= right.allocationCount
                difference.referenceCount -= right.referenceCount
                return difference
            }

            init(ofThread thread: CInt) {
                // SAFETY: the counts are written during the call.
                unsafe linnet_costs_of_thread(thread, &allocationCount, &referenceCount)
            }
        }
    }
#endif
