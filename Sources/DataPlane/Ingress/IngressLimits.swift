package import Contract
import Exchange

/// What a data plane grants its callers: sizes, times and numbers.
package struct IngressLimits: Sendable {
    /// All header names and values of one request, in bytes.
    package var headerBytes = 32 * 1024
    package var headerCount = 100
    /// Connections at one time; more are closed at once.
    package var connections = 12_000
    /// Of them, those of one address; 0 where one may have all, as behind a balancer, from which all come.
    package var connectionsPerAddress = 0
    /// Requests, and answers that are not streams, held in memory at one time; what goes beyond it is refused with 503.
    package var bufferedBodyBytes = 512 * 1024 * 1024
    /// Seconds until the first request head of a connection is complete.
    package var firstHead = 10
    /// Seconds a connection may rest between requests.
    package var keepAlive = 75
    /// Seconds before a body must have arrived at `bodyRate`.
    package var bodyGrace = 10
    /// Bytes per second that a body must arrive with after the grace.
    package var bodyRate = 1024
    /// Seconds a caller may take no bytes while there are some for it.
    package var slowReader = 30
    /// Seconds a stream is held back waiting for its first event, from the first attempt on, and between two pings after
    /// that.
    package var hold = 10
    /// Seconds that running answers have when the process is told to stop.
    package var drain = 60
    /// Seconds that callers have after that to take what they were told of answers that were broken off.
    package var farewell = 1
    /// Seconds after an ending connection's last byte that its caller may keep on sending what nobody reads.
    package var linger = 30
    /// Seconds of a caller's silence after which an ending connection is closed.
    package var lingerSilence = 2
    /// Images in one request.
    package var images = 100
    /// URLs of documents, sounds, films and servers of tools in one request: more than any provider asks, and few enough
    /// to be kept beside the images (`ContentOutline`).
    package var links = 500
    /// Different hosts that the URLs of one request may name: each is looked up, and threads for that are few.
    package var hosts = 32
    /// Whether URLs of images, documents, sounds, films and servers of tools may lead anywhere, unchecked: where providers
    /// are in the same private network.
    package var allowsPrivateImageURLs = false
    /// Milliseconds in which the hosts of a request's URLs must be found.
    package var imageHostMilliseconds = 2_000
    /// For targets whose group and provider say nothing.
    package var timeouts = TimeoutRecord(connect: 5_000, firstByte: 600_000, idle: 120_000, total: 3_600_000)

    package init() {}

    /// Descriptors for what is neither a caller nor a provider: listeners, event loops, the snapshot feed, files.
    private static let reservedDescriptors = 256

    /// The same for a process that may have so many descriptors: each caller takes two, its own and its provider's.
    ///
    /// A process without descriptors could ask no provider, and would take that for their fault.
    package func within(descriptors: Int) -> IngressLimits {
        var limits = self
        let most = max(1, (max(0, descriptors) - IngressLimits.reservedDescriptors) / 2)
        limits.connections = min(self.connections, most)
        return limits
    }
}
