// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import Testing
import linnetctl

@Suite("Typed clients")
struct TypedLoadTests {
    @Test(
        "typed clients get right values from a typed server",
        arguments: ["inline", "workers"]
    )
    func load(execution: String) async throws {
        let server = try Service(
            "serve --tcp 127.0.0.1:0 --handler prices --json --execution \(execution)"
        )
        let address = try server.line().replacing("listening on tcp ", with: "")
        var load = TypedLoad(endpoint: try Endpoint(connectArgument: address))
        // By count: how long it takes is the machine's affair.
        load.duration = .zero
        load.minRequestCount = 30
        let report = try await load.run()
        let said = try ServeReport(json: Data(try server.stop().utf8))
        #expect(server.exitCode == 0)
        #expect(report.faults.isEmpty)
        #expect(report.replyCount > 0 && report.errorReplyCount > 0)
        #expect(report.quoteCount == 800)
        #expect(said.messageRejections.isEmpty)
        #expect(said.sent.packets == report.replyCount + report.quoteCount)
        #expect(report.complaints == ["the typed server gave no summary"])
    }
}
