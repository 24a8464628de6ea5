/// What a listener hears.
package enum NotificationEvent: Hashable, Sendable {
    /// Someone notified the channel.
    case notification(payload: String)
    /// The connection is new, at first and after every loss: what was notified before may have been missed, so
    /// read again whatever the channel is about.
    case reconnected
}
