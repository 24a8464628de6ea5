import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Listening

struct LeftoverHandlerTests {
    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: LeftoverHandler())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(
            HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/"))
        )
        return channel
    }

    private func answer(_ channel: EmbeddedChannel) throws {
        let head = HTTPResponseHead(version: .http1_1, status: .unauthorized)
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    @Test func `the rest of an answered request has its time and no more`() throws {
        let channel = try self.channel()
        try self.answer(channel)
        channel.embeddedEventLoop.advanceTime(by: LeftoverHandler.patience - .nanoseconds(1))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .nanoseconds(1))
        #expect(!channel.isActive)
    }

    @Test func `once the rest has come the connection stays, and only the end is passed on`() throws {
        let channel = try self.channel()
        try self.answer(channel)
        try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: "rest")))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: LeftoverHandler.patience)
        #expect(channel.isActive)
        guard case .head = try channel.readInbound(as: HTTPServerRequestPart.self),
            case .end = try channel.readInbound(as: HTTPServerRequestPart.self)
        else {
            Issue.record("the body was passed on")
            return
        }
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
