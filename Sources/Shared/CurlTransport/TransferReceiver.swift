/// Receives the events of the transfers it was given to.
package protocol TransferReceiver: AnyObject, Sendable {
    /// Called on the reactor's thread or event loop, once per turn, with the events of all transfers of this receiver.
    ///
    /// It must return quickly: nothing else on that thread or loop goes on meanwhile. A batch may arrive before the
    /// ``CurlReactor/start(_:receiver:)`` that it belongs to has returned on its own thread. Only after a reactor with a
    /// thread was shut down does ``CurlReactor/start(_:receiver:)`` call it itself, on the caller's thread.
    func receive(_ batch: [TransferDelivery])
}
