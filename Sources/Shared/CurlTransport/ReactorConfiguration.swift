/// How one reactor behaves.
package struct ReactorConfiguration: Sendable {
    /// Connections kept open for reuse over all hosts; beyond it the oldest idle one is closed.
    package var connectionCacheSize: Int

    /// Connections to one host at a time, further transfers wait for one; 0 = no limit.
    package var maxHostConnections: Int

    /// Bytes libcurl reads from a socket at once (1 KiB to 512 KiB), held by each running transfer.
    package var receiveBufferBytes: Int

    /// Finished transfer handles kept for the next request; each keeps about 30 KiB.
    package var idleHandleLimit: Int

    /// Whether TLS upstreams that offer HTTP/2 get it; plain HTTP is always HTTP/1.1.
    ///
    /// Off: libcurl 7.88.1 waits until a limit ends it when an HTTP/2 upstream answers without reading the request
    /// (nginx with `return`, 215 KB of body: every transfer; none over HTTP/1.1). HTTP/1.1 is cheaper too: 22 against
    /// 29 µs of CPU for a request of 0.2 KB over TLS, 175 against 241 µs for one of 215 KB.
    package var http2: Bool

    /// How long a request and the close of its connection may have crossed on their way: a round trip around the world.
    ///
    /// A request that is not safe to repeat goes out on another connection only as long after it first did.
    package var crossingTime: Duration

    /// Names that are not looked up, each as `name:port:address,address`; none but in tests.
    package var addresses: [String]

    package init(
        connectionCacheSize: Int = 1024,
        maxHostConnections: Int = 0,
        receiveBufferBytes: Int = 16 * 1024,
        idleHandleLimit: Int = 64,
        http2: Bool = false,
        crossingTime: Duration = .milliseconds(300),
        addresses: [String] = []
    ) {
        self.connectionCacheSize = connectionCacheSize
        self.maxHostConnections = maxHostConnections
        self.receiveBufferBytes = receiveBufferBytes
        self.idleHandleLimit = idleHandleLimit
        self.http2 = http2
        self.crossingTime = crossingTime
        self.addresses = addresses
    }
}
