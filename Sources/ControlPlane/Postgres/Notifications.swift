import Logging

/// What is notified on a channel, without end, over a connection of its own that reconnects by itself.
///
/// Ends when the task that iterates is cancelled, within half a second.
package struct Notifications: AsyncSequence, Sendable {
    package typealias Element = NotificationEvent
    package typealias Failure = Never

    let channel: NotificationChannel
    let configuration: PostgresConfiguration
    let logger: Logger

    package func makeAsyncIterator() -> Iterator {
        Iterator(channel: self.channel, connection: PostgresConnection(self.configuration), logger: self.logger)
    }

    package struct Iterator: AsyncIteratorProtocol {
        /// How long one wait blocks the connection's thread: what a cancellation may be late by.
        private static let waitMilliseconds: Int32 = 500

        private let channel: NotificationChannel
        private let connection: PostgresConnection
        private let logger: Logger
        private var isConnected = false
        private var failures = 0
        private var pending: ArraySlice<String> = []

        init(channel: NotificationChannel, connection: PostgresConnection, logger: Logger) {
            self.channel = channel
            self.connection = connection
            self.logger = logger
        }

        package mutating func next() async -> NotificationEvent? {
            while !Task.isCancelled {
                if let payload = self.pending.popFirst() { return .notification(payload: payload) }
                guard self.isConnected else {
                    if await self.connect() { return .reconnected }
                    continue
                }
                switch await self.connection.notifications(waiting: Iterator.waitMilliseconds) {
                case .success(let payloads): self.pending = payloads[...]
                case .failure: self.isConnected = false
                }
            }
            await self.connection.close()
            return nil
        }

        private mutating func connect() async -> Bool {
            if self.failures > 0 {
                let jitter = Double.random(in: 0...1)
                try? await Task.sleep(for: PoolStateMachine.pause(afterFailures: self.failures, jitter: jitter))
            }
            guard case .success = await self.connection.open(),
                case .success = await self.connection.listen(to: self.channel)
            else {
                self.failures += 1
                self.logger.debug("the listening connection is down", metadata: ["channel": "\(self.channel.name)"])
                return false
            }
            self.failures = 0
            self.isConnected = true
            return true
        }
    }
}

extension PostgresPool {
    /// Listens to a channel on a connection outside the pool's number.
    package func listen(to channel: NotificationChannel) -> Notifications {
        Notifications(channel: channel, configuration: self.configuration, logger: self.logger)
    }
}
