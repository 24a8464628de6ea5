package import Identity
package import Wire

/// The secrets that one node needs to serve one snapshot: peppers for caller tokens, credentials of providers.
///
/// It exists in the clear only in memory. It travels and rests sealed to the node's key (HPKE), bound to cluster,
/// node and snapshot.
package struct SecretsBundle: Sendable {
    /// By pepper id.
    package var peppers: [String: SecretBytes]
    /// By provider.
    package var providerSecrets: [Slug: Secret]

    package init(peppers: [String: SecretBytes], providerSecrets: [Slug: Secret]) {
        self.peppers = peppers
        self.providerSecrets = providerSecrets
    }

    /// What the sealing is bound to besides the snapshot: HPKE's `info`.
    package static func info(clusterID: String, node: String, epoch: Int) -> [UInt8] {
        Array("router/secrets/v1|\(clusterID)|\(node)|\(epoch)".utf8)
    }

    /// The plain text that is sealed.
    package var plainText: [UInt8] {
        JSONWriter.write([
            "peppers": .object(
                JSONObject(
                    self.peppers.keys.sorted().compactMap { id in
                        self.peppers[id].map { (id, .string($0.withExposedBytes { Base64.encode($0) })) }
                    }
                )
            ),
            "provider_secrets": .object(
                JSONObject(
                    self.providerSecrets.keys.sorted().compactMap { provider in
                        self.providerSecrets[provider].map { (provider.text, .string($0.withExposedText { $0 })) }
                    }
                )
            ),
        ])
    }

    /// Reads the plain text; errors name members, never values.
    package init(plainText: [UInt8]) throws(JSONShapeError) {
        let value: JSONValue
        do { value = try JSONReader.read(plainText) } catch {
            throw JSONShapeError(field: "", problem: "is not JSON")
        }
        var members = try JSONMembers(value)
        var pepperMembers = try members.object("peppers")
        var peppers: [String: SecretBytes] = [:]
        for (id, value) in pepperMembers.all() {
            guard let text = value.stringValue, let bytes = Base64.decode(text) else {
                throw pepperMembers.error(id, "must be base64")
            }
            peppers[id] = SecretBytes(bytes)
        }
        var secretMembers = try members.object("provider_secrets")
        var providerSecrets: [Slug: Secret] = [:]
        for (id, value) in secretMembers.all() {
            guard let provider = Slug(id), let text = value.stringValue else {
                throw secretMembers.error(id, "must be a provider and a string")
            }
            providerSecrets[provider] = Secret(text)
        }
        self.peppers = peppers
        self.providerSecrets = providerSecrets
    }
}
