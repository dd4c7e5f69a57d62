// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Linnet
import Testing

struct ClientGroupTests {
    @Test(arguments: Place.all)
    func `packets go and come back in order`(place: Place) async throws {
        let server = try EchoServer(place)
        let record = Record()
        var configuration = ClientConfiguration()
        configuration.execution = place.execution
        let group = try ClientGroup.start(configuration) { _ in Recorder(record: record) }
        let id = try await group.connect(to: server.endpoint, within: .seconds(5))
        #expect(record.hasOpened(id) || place.execution != .inline)
        for number in 0..<100 as Range<UInt8> {
            let result = group.sender.send(copying: [number, 1].span.bytes, to: id)
            #expect(result == .queued)
        }
        await waitUntil("100 answers") { record.packets(of: id).count == 100 }
        #expect(record.packets(of: id) == (0..<100).map { [UInt8($0), 1] })
        group.stop()
        #expect(record.reason(of: id) == .serverStopping)
        #expect(group.connections.count == 0)
        server.stop()
    }
}
