/// What one listener grants whoever connects to it.
package struct ListenerLimits: Hashable, Sendable {
    /// A connection that sends nothing for this long is closed.
    package let idleSeconds: Int
    /// Connections at one time; more wait to be accepted.
    package let connections: Int
    /// All header names and values of one request, in bytes.
    package let headerBytes: Int
    package let headers: Int

    package init(idleSeconds: Int, connections: Int, headerBytes: Int, headers: Int) {
        self.idleSeconds = idleSeconds
        self.connections = connections
        self.headerBytes = headerBytes
        self.headers = headers
    }
}
