// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import LinnetCodec
import Testing
import linnetctl

@Suite("Damaged packets")
struct DamagedStreamTests {
    @Test("each has its damage, and right packets before it", arguments: PacketError.Code.allCases)
    func damage(code: PacketError.Code) throws {
        let stream = DamagedStream(code)
        let analysis = CaptureAnalysis(of: try stream.bytes())
        #expect(analysis.firstError?.error?.code == code)
        #expect(analysis.firstError?.number == stream.validPacketCount + 1)
        #expect(analysis.counts.ok.packetCount == stream.validPacketCount)
    }

    @Test(
        "a server answers the right ones, says goodbye, and counts each cause once",
        arguments: [Execution.inline, .workers(1)]
    )
    func server(execution: Execution) throws {
        let server = try EchoServer(execution)
        let deadline = MonotonicInstant.now() + .seconds(20)
        for code in PacketError.Code.allCases {
            let stream = DamagedStream(code)
            let socket = try StreamSocket(to: server.endpoint, before: deadline)
            try socket.send(try stream.bytes(), before: deadline)
            if code == .truncated { socket.endSending() }
            var received = Data()
            while case let bytes = try socket.receive(before: deadline), !bytes.isEmpty {
                received += bytes
            }
            let analysis = CaptureAnalysis(of: received)
            #expect(analysis.counts.ok.packetCount == stream.validPacketCount, "\(code)")
            #expect(analysis.firstError == nil, "\(code)")
        }
        let counts = server.stop().rejectionCounts
        #expect(
            counts
                == Dictionary(
                    uniqueKeysWithValues: PacketError.Code.allCases.map { ($0.rawValue, 1) }
                )
        )
    }
}
