/// Whether and from what a data plane serves right now.
package enum Serving: Sendable {
    /// There has been no snapshot yet.
    case notReady
    /// There is one, but the control plane has been silent for longer than the deployment accepts.
    case stale
    case ready(ServingState)
}
