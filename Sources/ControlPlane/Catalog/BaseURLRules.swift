import Addresses
package import Contract

/// Where a provider may be: who administers a router must not be able to make it reach into its own network
/// by accident, or by a URL that only looks public.
package enum BaseURLRules {
    /// What is wrong with the URL as the rest of a sentence about it; nil when nothing is.
    ///
    /// Only literal addresses are judged here. What a name resolves to is judged when it is connected to
    /// (`TransferRequest.publicOnly`).
    package static func problem(of url: UpstreamURL, allowPrivateNetwork: Bool) -> String? {
        let isPrivate: Bool
        switch NetworkAddress.Host(url.host) {
        case .malformed:
            return "has an address in a form that is not plain: write four decimal numbers, or a full IPv6 address"
        case .name(let isLocal): isPrivate = isLocal
        case .address(let address): isPrivate = !address.isPublic
        }
        guard !allowPrivateNetwork else { return nil }
        if isPrivate { return "is a private, loopback or link-local address, which needs allow_private_network" }
        if !url.isSecure { return "must be https, or needs allow_private_network" }
        return nil
    }
}
