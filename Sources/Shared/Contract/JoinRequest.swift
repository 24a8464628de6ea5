package import Identity
package import Wire

/// What a new node says in `POST /plane/v1/join`: its invitation, its name and the keys that it made itself.
package struct JoinRequest: Sendable {
    package var tokenID: String
    package var tokenSecret: Secret
    /// What operators call the node.
    package var name: Slug
    /// The Ed25519 key that will sign its requests, 32 bytes.
    package var signingKey: [UInt8]
    /// The X25519 key that secrets will be sealed to, 32 bytes.
    package var sealingKey: [UInt8]
    /// An Ed25519 signature by `signingKey` over `PreAuthenticationEncoding(.join, provenBytes)`.
    package var proof: [UInt8]

    package init(
        tokenID: String,
        tokenSecret: Secret,
        name: Slug,
        signingKey: [UInt8],
        sealingKey: [UInt8],
        proof: [UInt8]
    ) {
        self.tokenID = tokenID
        self.tokenSecret = tokenSecret
        self.name = name
        self.signingKey = signingKey
        self.sealingKey = sealingKey
        self.proof = proof
    }

    /// What `proof` signs: possession of the key, bound to this invitation and these keys.
    package static func provenBytes(tokenID: String, name: Slug, signingKey: [UInt8], sealingKey: [UInt8]) -> [UInt8] {
        Array("\(tokenID)\n\(name)\n\(Hex.encode(signingKey))\n\(Hex.encode(sealingKey))".utf8)
    }

    package var json: JSONValue {
        [
            "token_id": .string(self.tokenID),
            "token_secret": .string(self.tokenSecret.withExposedText { $0 }),
            "name": .string(self.name.text),
            "signing_key": .string(Base64.encode(self.signingKey)),
            "sealing_key": .string(Base64.encode(self.sealingKey)),
            "proof": .string(Base64.encode(self.proof)),
        ]
    }

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.tokenID = try members.shortText("token_id")
        self.tokenSecret = Secret(try members.shortText("token_secret"))
        self.name = try members.slug("name")
        self.signingKey = try members.base64("signing_key", count: 32)
        self.sealingKey = try members.base64("sealing_key", count: 32)
        self.proof = try members.base64("proof", count: 64)
    }
}
