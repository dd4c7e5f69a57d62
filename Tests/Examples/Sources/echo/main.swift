// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Answers each packet with its own bytes.
struct Echo: Handler {
    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        _ = outbox.send(packet, to: id)
    }
}

let server = Server(ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0)]))
try server.start { _ in Echo() }  // one for each worker: its state needs no lock

let client = try await Client.connect(to: server.endpoints[0], within: .seconds(5))
for number in 1...4 as ClosedRange<UInt8> {  // many under way: no send waits for an answer
    let payload = [number, number * number]
    _ = client.send(copying: payload.span.bytes, flags: .payloadChecksum)
}
for _ in 1...4 {
    let packet = try await client.receivePacket()
    let square = packet.payload.withBytes { $0.loadLittleEndian(at: 1) as UInt8 }
    print("packet \(packet.header.seq): \(packet.payload.byteCount) bytes, \(square)")
}
await client.close()
server.stop()
print("the server has sent \(server.statistics.sentFrameCount) packets")
