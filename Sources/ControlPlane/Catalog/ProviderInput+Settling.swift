import Contract
import Identity
package import Wire

extension ProviderInput {
    /// What is to be written over `present`, nil when the provider is new; refuses what nobody may write from now on.
    ///
    /// A stored secret is for the origin that it was given for. Whoever may change the address but does not know the
    /// secret would otherwise have it sent to an address of their own. What else is stored already may stay, whatever
    /// the rules were when it was written.
    package func settled(over present: ProviderSpec?, at path: String = "") throws(JSONShapeError) -> ProviderInput {
        var settled = self
        let prefix = path.isEmpty ? "" : "\(path)."
        if let present, case .keep = self.secret, !self.spec.keepsSecret(of: present) {
            guard !present.credential.isSet || self.spec.authentication == .none else {
                throw JSONShapeError(
                    field: "\(prefix)auth.secret",
                    problem:
                        "must be sent again: base_url has another scheme, host or port than the stored secret is for"
                )
            }
            settled.secret = .clear
        }
        for name in self.spec.headers.keys.sorted()
        where CredentialHeader.isOne(name) && present?.headers[name] != self.spec.headers[name] {
            throw JSONShapeError(
                field: "\(prefix)headers.\(name)",
                problem: "is made for credentials, which belong into auth.secret: headers are shown as they are"
            )
        }
        return settled
    }
}

extension ProviderSpec {
    /// Whether the secret stored for `present` may go on to this address.
    package func keepsSecret(of present: ProviderSpec) -> Bool {
        self.baseURL.hasSameOrigin(as: present.baseURL)
    }
}
