import NIOCore
import NIOConcurrencyHelpers

/// Hands accepted channels to whoever takes them, and keeps those that come before anybody does.
final class Gate: Sendable {
    typealias Taker = @Sendable (any Channel) throws -> Void
    private let taker = NIOLockedValueBox<Taker?>(nil)

    func set(_ taker: @escaping Taker) { self.taker.withLockedValue { $0 = taker } }

    func open(_ channel: any Channel) throws {
        // Nobody knows the port before the taker is set.
        try self.taker.withLockedValue { $0 }?(channel)
    }
}
