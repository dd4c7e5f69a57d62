// SPDX-License-Identifier: Apache-2.0

import Testing
import linnetctl

@Suite("The demo's judgement")
struct DemoResultTests {
    /// One of which all worked.
    private var good: DemoResult {
        var load = LoadReport()
        load.depth = 16
        load.setPackets(1_000, seconds: 1, packetByteCount: 64)
        load.receivedPackets = 1_100
        var result = DemoResult(execution: "inline")
        result.deep = load
        load.depth = 1
        result.shallow = load
        result.damageNames = ["bad-magic"]
        result.idle.wantedCount = 3_000
        result.idle.count = 3_000
        result.idle.byteCountBefore = 10_000_000
        result.idle.byteCountWith = 10_630_000
        result.goodbye.openCount = 3_000
        result.goodbye.toldCount = 3_000
        result.goodbye.seconds = 0.2
        result.goodbye.load.receivedPackets = 40
        result.goodbye.load.errors = [LoadReport.missingReplies: 7, LoadReport.endedByPeer: 64]
        result.otherReplyCount = 60
        var report = ServeReport()
        report.received.packets = 5_300
        report.sent.packets = 5_300
        report.notReadBytes = 448
        report.rejections = ["bad-magic": 1]
        result.report = report
        result.typed.connectionCount = 8
        result.typed.depth = 16
        result.typed.seconds = 2
        result.typed.replyCount = 200_000
        result.typed.errorReplyCount = 900
        result.typed.quoteCount = 800
        result.typed.damageNames = ["invalid-ends"]
        result.typed.server = ServeReport()
        result.typed.server?.messageRejections = ["invalid-ends": 1]
        return result
    }

    @Test("nothing is said where all worked")
    func allWorked() {
        #expect(good.complaints.isEmpty)
        #expect(good.idle.bytesPerConnection == 210)
        let text = DemoText([good, good], seconds: 16.5).text
        #expect(text.contains("All of it worked, in 16.5 s."))
        #expect(text.contains("3,000 of 3,000 connections got their FIN"))
        #expect(text.contains("5,300 of 5,300 packets that were read were answered, 448 B came"))
        #expect(text.contains("bad-magic             1 inline, 1 inline"))
        #expect(text.contains("100,000, p50"))
        #expect(text.contains("800 quotes came in order, 900 of the replies were errors"))
        #expect(text.contains("invalid-ends          1 inline, 1 inline"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test("each thing that can go wrong is told")
    func wrong() {
        let cases: [(damage: (inout DemoResult) -> Void, words: String)] = [
            ({ $0.deep.receivedPackets = 0 }, "no replies at depth 16"),
            ({ $0.shallow.errors = ["replies out of order": 3] }, "3 replies out of order"),
            ({ $0.damageNames = [] }, "no damaged packet"),
            ({ $0.damageFaults = ["bad-magic: reset"] }, "bad-magic: reset"),
            ({ $0.report?.rejections = [:] }, "bad-magic was rejected 0 times"),
            ({ $0.report?.rejections["truncated"] = 2 }, "rejected as truncated"),
            ({ $0.idle.count = 2_999 }, "only 2999 of 3000 idle"),
            ({ $0.idle.byteCountWith = 20_000_000 }, "takes 3333 bytes"),
            ({ $0.goodbye.toldCount = 7 }, "only 7 of 3000 connections got a FIN"),
            ({ $0.goodbye.seconds = 6 }, "the goodbye took 6.0 s"),
            ({ $0.report = nil }, "no summary"),
            ({ $0.report?.received.packets = 5_301 }, "5301 packets came in and 5300 went out"),
            ({ $0.goodbye.load.receivedPackets = 39 }, "5300 packets went out and 5299 arrived"),
            ({ $0.goodbye.load.errors = ["a reset": 2] }, "2 a reset, while the server stopped"),
            ({ $0.report?.connections.left = 1 }, "1 connections left"),
            ({ $0.faults = ["the server ended early"] }, "the server ended early"),
            ({ $0.typed.replyCount = 0 }, "no typed replies"),
            ({ $0.typed.errorReplyCount = 0 }, "no typed error replies"),
            ({ $0.typed.quoteCount = 0 }, "no quotes"),
            ({ $0.typed.faults = ["replies with wrong values": 2] }, "2 replies with wrong values"),
            ({ $0.typed.damageNames = [] }, "no damaged message"),
            ({ $0.typed.damageFaults = ["invalid-ends: reset"] }, "invalid-ends: reset"),
            ({ $0.typed.server = nil }, "the typed server gave no summary"),
            ({ $0.typed.server?.messageRejections = [:] }, "invalid-ends was rejected 0 times"),
            ({ $0.typed.server?.messageRejections["wrong-side"] = 3 }, "rejected as wrong-side"),
            ({ $0.typed.server?.connections.left = 1 }, "1 typed connections left"),
        ]
        for (damage, words) in cases {
            var result = good
            damage(&result)
            #expect(result.complaints.contains { $0.hasPrefix("inline: ") && $0.contains(words) })
            let text = DemoText([good, result], seconds: 1).text
            #expect(text.contains("did not work"))
            #expect(text.contains(words))
        }
    }

    @Test("few idle connections say nothing of their memory")
    func fewIdle() {
        var result = good
        result.otherReplyCount += 2_990
        result.idle.wantedCount = 10
        result.idle.count = 10
        #expect(result.complaints.isEmpty)
    }

    @Test("a demo that did nothing has not worked")
    func nothing() {
        #expect(!DemoText([], seconds: 0).text.contains("All of it worked"))
    }
}
