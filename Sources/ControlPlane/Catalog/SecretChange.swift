package import Identity

/// What a write does to a secret that is stored but never shown.
package enum SecretChange: Sendable {
    /// The secret stays as it is: the member was not sent.
    case keep
    case set(Secret)
    /// The member was sent as null.
    case clear
}
