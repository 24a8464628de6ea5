import HTTPTypes
import Hummingbird
import HummingbirdCore
import Listening
package import Logging
import NIOCore
import ServiceLifecycle

/// Serves the pictures of a shelf to providers, and nothing else, on a listener of its own.
package struct PictureListener: Service {
    private let listener: BoundedListener
    private let responder: Responder

    /// What stands before a picture's name in a path.
    package static let path = "/pictures/"
    private static let limits = ListenerLimits(
        idleSeconds: 15,
        connections: 256,
        headerBytes: 8 * 1024,
        headers: 64
    )

    /// `port` 0 chooses a free one; `onBound` is told which, once the listener accepts connections.
    package init(
        host: String,
        port: Int,
        shelf: PictureShelf,
        logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.listener = BoundedListener(
            host: host,
            port: port,
            limits: PictureListener.limits,
            logger: logger,
            onBound: onBound
        )
        self.responder = Responder(shelf: shelf)
    }

    /// Serves until the task is cancelled or shut down gracefully.
    package func run() async throws {
        try await self.listener.serve(self.responder)
    }

    private struct Responder: HTTPResponder {
        typealias Context = BasicRequestContext

        let shelf: PictureShelf

        func respond(to request: Request, context: Context) async throws -> Response {
            let path = request.uri.path
            guard request.method == .get || request.method == .head, path.hasPrefix(PictureListener.path),
                path.hasSuffix(".png"),
                let png = self.shelf.picture(String(path.dropFirst(PictureListener.path.count).dropLast(4)))
            else { return Response(status: .notFound, headers: [.cacheControl: "no-store"]) }
            return Response(
                status: .ok,
                headers: [.contentType: "image/png", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: png))
            )
        }
    }
}
