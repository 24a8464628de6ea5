import Contract
import Identity
import Ingress
import Resolution
import Wire

/// How a ``Gateway`` differs from the usual one.
struct GatewayOptions: Sendable {
    var limits = IngressLimits()
    var loops = 1
    var timeouts = TimeoutRecord()
    /// What the provider `spare` has instead; nil = the same.
    var spareTimeouts: TimeoutRecord?
    var authentication = ProviderRecord.Authentication.bearer
    var headers: [String: String] = [:]
    var quirks = JSONObject()
    /// The kernel's room for what the provider sends; nil leaves it to the kernel.
    var upstreamSendBuffer: Int?
    /// Where the group `hole` leads.
    var holePort = 1
    /// Whether the scripted provider is the proxy by which others are reached.
    var isProxied = false
    /// Where names in image URLs lead.
    var lookup: NameResolver.Lookup = { _ in [] }

    init(_ change: (inout GatewayOptions) -> Void = { _ in }) {
        // No limit must come into tests that are slow for other reasons.
        self.limits.hold = 300
        self.limits.firstHead = 300
        self.limits.bodyGrace = 300
        self.limits.slowReader = 300
        self.limits.keepAlive = 300
        self.limits.drain = 15
        self.limits.linger = 300
        self.limits.lingerSilence = 300
        self.limits.timeouts.connect = 300_000
        change(&self)
    }
}
