// SPDX-License-Identifier: Apache-2.0

import Linnet

let configuration = ServerConfiguration(
    endpoints: [.tcp(host: "127.0.0.1", port: 0)],
    execution: CommandLine.arguments.contains("inline") ? .inline : .workers(2)
)
let server = Server(configuration)
try server.start { _ in Board() }

let client = try await PricesClient.connect(to: server.endpoints[0])
async let first = client.lookup(Lookup(instrument: 1))
async let second = client.lookup(Lookup(instrument: 2))
for found in try await [first, second] {
    let instrument = found.view
    print("\(instrument.number) is \(String(copying: instrument[.name]))")
}
do {
    _ = try await client.lookup(Lookup(instrument: 99))
} catch let error as UnknownInstrument {
    print("there is no instrument \(error.instrument)")
}
_ = try client.subscribe(Subscribe(instrument: 1))
switch try await client.next() {
case .quote(let quote): print("1 costs \(quote.view.ask)")
}
await client.close()
server.stop()
