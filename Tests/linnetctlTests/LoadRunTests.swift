// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetCodec
import Testing
import linnetctl

@Suite("A load, against a server in this process")
struct LoadRunTests {
    @Test(
        "a closed loop sends as many packets as it may, and verifies each",
        arguments: [Execution.inline, .workers(1)],
        [(1, 40), (16, 0), (16, 5), (3, 20_000)]
    )
    func closedLoop(execution: Execution, shape: (depth: Int, payload: Int)) async throws {
        let server = try EchoServer(execution)
        var plan = LoadPlan(endpoint: try server.endpoint)
        plan.connectionCount = 4
        plan.depth = shape.depth
        plan.payloadByteCount = shape.payload
        plan.maxPacketCount = 200
        plan.warmup = .zero
        plan.duration = .seconds(30)
        let report = try await onOwnThread { [plan] in try LoadRun(plan).run() }
        #expect(report.errors == [:])
        #expect(report.sentPackets == 800)
        #expect(report.receivedPackets == 800)
        #expect(report.latency.count == report.packets)
        let counts = server.stop()
        #expect(counts.receivedFrameCount == 800)
        #expect(counts.sentFrameCount == 800)
        #expect(counts.acceptedConnectionCount == 4)
    }

    @Test("an open loop sends what is due, and says how late it was")
    func openLoop() async throws {
        let server = try EchoServer(.inline)
        var plan = LoadPlan(endpoint: try server.endpoint)
        plan.connectionCount = 3
        plan.rate = 1_000
        plan.warmup = .zero
        plan.duration = .milliseconds(200)
        let report = try await onOwnThread { [plan] in try LoadRun(plan).run() }
        #expect(report.errors == [:])
        #expect(report.sentPackets == 200)
        #expect(report.receivedPackets == 200)
        #expect(report.latency.count == 200)
        #expect(report.lateness?.count == 200)
        #expect(report.depth == 0)
    }

    @Test("a server that is not there is an error that names it")
    func noServer() async throws {
        let server = try EchoServer(.inline)
        let endpoint = try server.endpoint
        _ = server.stop()
        await #expect(throws: TransportError.self) {
            try await onOwnThread { try LoadRun(LoadPlan(endpoint: endpoint)).run() }
        }
    }
}
