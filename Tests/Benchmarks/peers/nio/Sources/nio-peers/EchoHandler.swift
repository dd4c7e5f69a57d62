// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Sends back what it reads, once per wake-up.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// The same with structured concurrency: a task for each connection.
func serveAsync(_ bootstrap: ServerBootstrap, port: Int) async throws {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    let server = try await bootstrap.bind(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
            try Connection(wrappingChannelSynchronously: channel)
        }
    }
    try await withThrowingDiscardingTaskGroup { tasks in
        try await server.executeThenClose { connections in
            for try await connection in connections {
                tasks.addTask {
                    // A peer that breaks off ends its own connection only.
                    try? await connection.executeThenClose { inbound, outbound in
                        for try await bytes in inbound { try await outbound.write(bytes) }
                    }
                }
            }
        }
    }
}
