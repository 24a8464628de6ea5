/// What one ask says of a capability.
package enum ProbeVerdict: Hashable, Sendable {
    case passed
    case failed(ProbeErrorClass)
    /// It says nothing about the model; the reason, without a secret.
    case inconclusive(String)
}
