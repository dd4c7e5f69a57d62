// SPDX-License-Identifier: Apache-2.0

import Linnet

struct Host: HelloService {
    func greet(
        _ request: Greet.View,
        from id: ConnectionID,
        reply: consuming Reply<Hello, Greet>,
        outbox: inout Outbox
    ) -> Replied {
        let name = String(copying: request[.name])
        guard !name.isEmpty else { return reply.noName(NoName(), through: &outbox) }
        return reply.greeting(Greeting(text: "Hello, \(name)!"), through: &outbox)
    }
}

let server = Server(ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0)]))
try server.start { _ in Host() }

let client = try await HelloClient.connect(to: server.endpoints[0])
let greeting = try await client.greet(Greet(name: "you"))
print("\(greeting.view[.text])")
do {
    _ = try await client.greet(Greet(name: ""))
} catch is NoName {
    print("who has no name gets an error")
}
await client.close()
server.stop()
