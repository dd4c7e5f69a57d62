// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Answers each request with the same few bytes, which it makes once.
final class HelloHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let head: HTTPResponseHead
    private let body: ByteBuffer

    init(_ allocator: ByteBufferAllocator) {
        body = allocator.buffer(string: "Hello, World!\n")
        head = HTTPResponseHead(
            version: .http1_1,
            status: .ok,
            headers: ["Content-Length": "\(body.readableBytes)", "Content-Type": "text/plain"]
        )
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
