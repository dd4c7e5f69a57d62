// SPDX-License-Identifier: Apache-2.0

// Servers with SwiftNIO on one event loop, each as its documentation would have it, and one that is
// written by hand for speed. usage: nio-peers PORT raw|async|packet|packet-batched|http

import NIOCore
import NIOPosix

let arguments = CommandLine.arguments
guard arguments.count == 3, let port = Int(arguments[1]) else {
    print("usage: nio-peers PORT raw|async|packet|packet-batched|http")
    throw ExitWithUsage()
}
let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
let bootstrap = ServerBootstrap(group: group)
    .serverChannelOption(.backlog, value: 4_096)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .childChannelOption(.socketOption(.tcp_nodelay), value: 1)

if arguments[2] == "async" {
    try await serveAsync(bootstrap, port: port)
} else {
    let mode = arguments[2]
    let server = try await bootstrap.childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            switch mode {
            case "raw":
                try pipeline.addHandler(EchoHandler())
            case "packet":
                try pipeline.addHandler(ByteToMessageHandler(PacketDecoder()))
                try pipeline.addHandler(MessageToByteHandler(PacketEncoder()))
                try pipeline.addHandler(PacketEchoHandler())
            case "packet-batched":
                try pipeline.addHandler(BatchedPacketHandler())
            case "http":
                try pipeline.configureHTTPServerPipeline()
                try pipeline.addHandler(HelloHandler(channel.allocator))
            default:
                throw ExitWithUsage()
            }
        }
    }.bind(host: "127.0.0.1", port: port).get()
    try await server.closeFuture.get()
}

struct ExitWithUsage: Error {}
