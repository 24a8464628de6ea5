import Foundation
import NIOCore
import NIOPosix
import SightTestSupport
import Synchronization
import Wire

/// Reads pictures, beside the event loops; and remembers which models were blinded.
final class Eyes: Sendable {
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private let blinded = Mutex<Set<String>>([])

    /// What a model says that has not seen the picture.
    static let guess = "RIVER STONE\nLAMP 2345678"
    /// The most bytes of a picture that is fetched.
    private static let limit = 4 << 20

    init() {
        self.threads.start()
    }

    func blind(_ model: String) { self.blinded.withLock { _ = $0.insert(model) } }

    func open(_ model: String) { self.blinded.withLock { _ = $0.remove(model) } }

    func isBlinded(_ model: String) -> Bool { self.blinded.withLock { $0.contains(model) } }

    /// What the pictures show; comes on `loop`.
    func read(_ pictures: [PictureSource], on loop: any EventLoop) -> EventLoopFuture<String> {
        self.threads.runIfActive(eventLoop: loop) {
            pictures.prefix(8).map(Eyes.read).joined(separator: "\n")
        }
    }

    private static func read(_ picture: PictureSource) -> String {
        switch picture {
        case .inline(let base64): Base64.decode(base64).map(Tesseract.read) ?? ""
        case .url(let url): Eyes.isLoopback(url) ? Tesseract.read(Eyes.fetch(url)) : ""
        case .file: ""
        }
    }

    private static func isLoopback(_ url: String) -> Bool {
        let host = URL(string: url)?.host()
        return host == "127.0.0.1" || host == "localhost"
    }

    private static func fetch(_ url: String) -> [UInt8] {
        let command = ["curl", "-fsS", "--max-filesize", "\(Eyes.limit)", "--proto", "=http", "--", url]
        return Array(Tesseract.output(of: command, seconds: 5))
    }
}
