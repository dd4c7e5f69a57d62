// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import Linnet

/// `linnetctl serve`: a server that answers.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves."
    )

    @Option var tcp: [String] = []
    @Option var unix: [String] = []
    @Option var handler = "echo"
    @Option var execution = "workers"
    @Option var reactors = 1
    @Option var workers = 1
    @OptionGroup var framingOptions: FramingOptions

    func run() throws {
        let endpoints =
            try tcp.map { try Endpoint(parsing: "tcp:" + $0) }
            + unix.map { Endpoint.unix(path: $0) }
        var configuration = ServerConfiguration(
            endpoints: endpoints,
            execution: execution == "inline" ? .inline : .workers(workers)
        )
        configuration.reactorCount = reactors
        let server = Server(configuration)
        try server.run(
            framing: framingOptions.framing(versions: 1...1),
            started: { for endpoint in $0 { print("listening on \(endpoint)") } }
        ) { _ in EchoHandler() }
        print(server.statistics)
    }
}

struct EchoHandler: Handler {
    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        _ = outbox.send(packet, to: id, flags: packet.header.flags.rawValue & 0xF002)
    }
}
