// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Linnet

/// Where a client connects to.
struct ConnectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The server: HOST:PORT or unix:PATH.", valueName: "endpoint"),
        transform: Endpoint.init(connectArgument:)
    )
    var connect: Endpoint
}
