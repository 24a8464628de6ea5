/// An answer that is being given on a connection, on that connection's event loop.
protocol ActiveResponse: AnyObject {
    /// Bytes sent so far, headers included.
    var bytesOut: Int { get }
    /// Called once, to begin.
    func start()
    /// The connection takes bytes again.
    func becameWritable()
    /// The connection is gone; nothing may be written or scheduled any more.
    func abandon()
}
