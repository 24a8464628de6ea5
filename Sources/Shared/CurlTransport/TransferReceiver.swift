/// Receives the events of the transfers it was given to.
package protocol TransferReceiver: AnyObject, Sendable {
    /// Called on the reactor's thread, once per turn of its loop, with the events of all transfers of this receiver.
    ///
    /// It must return quickly: hand the batch to an event loop or a queue. A batch may arrive before the
    /// ``CurlReactor/start(_:receiver:)`` that it belongs to has returned on its own thread. Only after the reactor
    /// was shut down does ``CurlReactor/start(_:receiver:)`` call it itself, on the caller's thread.
    func receive(_ batch: [TransferDelivery])
}
