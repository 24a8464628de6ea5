package import Sealing
package import Wire

/// Why a configuration was not published.
package enum PublicationProblem: Error, Hashable, Sendable {
    /// Data planes would refuse it: the caller's fault, field by field.
    case invalid([JSONShapeError])
    /// It is larger than data planes accept, or cannot be sealed.
    case unsealable(SealingError)
    /// There is no such version to restore.
    case unknownVersion(Int)
    /// A stored version cannot be read any more.
    case unreadableVersion(Int)
}
