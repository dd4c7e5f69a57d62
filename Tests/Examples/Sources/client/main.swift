// SPDX-License-Identifier: Apache-2.0

import Linnet

let place = CommandLine.arguments.dropFirst().first ?? "127.0.0.1:7400"
let client = try await Client.connect(to: Endpoint(parsing: place), within: .seconds(5))

for word in ["one", "two", "three"] {  // all of them before the first answer
    let result = try await client.sendWhenRoom(copying: word.utf8Span.span.bytes)
    precondition(result == .queued, "the server has closed the connection")
}
for _ in 1...3 {
    let packet = try await client.receivePacket()
    let text = packet.payload.withBytes { bytes in
        String(decoding: bytes.byteOffsets.map { bytes.loadLittleEndian(at: $0) }, as: UTF8.self)
    }
    print("packet \(packet.header.seq): \(text)")
}
await client.close()
