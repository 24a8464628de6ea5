import Identity
import Synchronization

/// The pictures that providers may fetch, each under a name that cannot be guessed, for a while.
package final class PictureShelf: Sendable {
    private struct Entry {
        var png: [UInt8]
        /// Milliseconds since 1970.
        var expiresAt: Int
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// Names in the order in which they came.
        var order: [String] = []
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Int

    /// Some providers fetch late and more than once.
    static let lifetime = 600_000
    /// A few megabytes at most; the oldest goes first.
    static let capacity = 256

    /// `now` tells milliseconds since 1970.
    package init(now: @escaping @Sendable () -> Int) {
        self.now = now
    }

    /// Keeps a picture; returns its name, of 256 random bits.
    package func put(_ png: [UInt8]) -> String {
        var generator = SystemRandomNumberGenerator()
        let name = Hex.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let now = self.now()
        self.state.withLock { state in
            while let oldest = state.order.first,
                state.order.count >= PictureShelf.capacity || state.entries[oldest].map({ $0.expiresAt <= now }) ?? true
            {
                state.entries[oldest] = nil
                state.order.removeFirst()
            }
            state.entries[name] = Entry(png: png, expiresAt: now + PictureShelf.lifetime)
            state.order.append(name)
        }
        return name
    }

    /// The picture of that name; nil when there is none, or none any more.
    package func picture(_ name: String) -> [UInt8]? {
        let now = self.now()
        return self.state.withLock { state in
            guard let entry = state.entries[name], entry.expiresAt > now else { return nil }
            return entry.png
        }
    }
}
