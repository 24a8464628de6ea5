import NIOCore
import Synchronization

/// Hands accepted channels to whoever takes them, and keeps those that come before anybody does.
final class Gate: Sendable {
    typealias Taker = @Sendable (any Channel) throws -> Void
    private let taker = Mutex<Taker?>(nil)

    func set(_ taker: @escaping Taker) { self.taker.withLock { $0 = taker } }

    func open(_ channel: any Channel) throws {
        // Nobody knows the port before the taker is set.
        try self.taker.withLock { $0 }?(channel)
    }
}
