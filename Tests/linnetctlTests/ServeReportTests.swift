// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import Testing
import linnetctl

@Suite("What a server says at its end")
struct ServeReportTests {
    private var report: ServeReport {
        var counts = ServerStatistics()
        counts.acceptedConnectionCount = 1_200
        counts.closedConnectionCount = 1_200
        counts.receivedFrameCount = 32_000
        counts.receivedByteCount = 2_048_000
        counts.readCount = 2_000
        counts.sentFrameCount = 32_000
        counts.sentByteCount = 2_048_000
        counts.writeCount = 4_000
        counts.discardedByteCount = 1
        counts.droppedSendCount = 2
        counts.rejectionCounts = ["bad-magic": 3]
        counts.endCounts = ["the peer closed the connection": 1_197, "the server is stopping": 3]
        return ServeReport(counts, serving: .milliseconds(12_340), stopping: .milliseconds(20))
    }

    @Test("people read a table of what happened, and nothing else")
    func text() {
        #expect(
            report.text() == """
                served for 12.3 s, took leave in 0.02 s
                  connections  1,200 accepted, 1,200 ended, 0 left
                  packets in   32,000, 2.0 MB, 2,000 reads, 16.0 for each read
                  packets out  32,000, 2.0 MB, 4,000 writes, 8.0 for each write
                  not read     1 byte behind the end of a connection, thrown away
                  dropped      2 packets for connections that had ended
                  rejected     3 bad-magic
                  ended        1,197 the peer closed the connection
                               3 the server is stopping

                """
        )
    }

    @Test("programs read one line, and get back what was written")
    func json() throws {
        let line = try report.json()
        #expect(!line.contains("\n"))
        #expect(try ServeReport(json: Data(line.utf8)) == report)
    }
}
