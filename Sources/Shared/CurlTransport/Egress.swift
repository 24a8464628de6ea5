/// How traffic to providers leaves the deployment.
package struct Egress: Hashable, Sendable {
    /// URL of the proxy by which providers at public addresses are reached; nil = they are reached directly.
    package var proxy: String?
    /// PEM bundle that providers' certificates are checked against; nil = the system's own.
    package var certificateAuthorities: String?

    package init(proxy: String? = nil, certificateAuthorities: String? = nil) {
        self.proxy = proxy
        self.certificateAuthorities = certificateAuthorities
    }

    /// The request as it leaves.
    ///
    /// A provider that may be in the private network is never asked by the proxy: it would not know the way. For the
    /// others the proxy, and no longer this machine, looks up the name: the address that is connected to is its own,
    /// and says nothing of the provider's.
    package func applied(to request: TransferRequest) -> TransferRequest {
        var request = request
        if let authorities = self.certificateAuthorities { request.certificateAuthorities = authorities }
        if let proxy = self.proxy, request.publicOnly {
            request.proxy = proxy
            request.publicOnly = false
        }
        return request
    }
}
