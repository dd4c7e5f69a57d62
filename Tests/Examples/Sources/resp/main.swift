// SPDX-License-Identifier: Apache-2.0

// A small server of the Redis protocol: `resp [PORT]`, by default 6380; 0 picks a free one. It ends
// at SIGINT or SIGTERM.
//
// There is one handler for each worker, or each reactor when handlers run inline, and a store
// belongs to its handler. So that all connections see the same keys there is one of both here: one
// reactor, which runs the handler inline, as Redis has one thread.

import Glibc
import Linnet

guard let port = UInt16(CommandLine.arguments.dropFirst().first ?? "6380") else {
    print("usage: resp [PORT]")
    exit(64)
}
var configuration = ServerConfiguration(
    endpoints: [.tcp(host: "127.0.0.1", port: port)],
    execution: .inline
)
configuration.reactorCount = 1
try Server(configuration).run(
    framing: RESPFraming(),
    started: { endpoints in
        print("listening on \(endpoints[0])")
        fflush(nil)
    },
    makeHandler: { _ in RESPHandler() }
)
