import Contract

extension SignedFrame {
    /// The frame around a header and body, signed with every key.
    static func signed(
        _ type: PreAuthenticationEncoding.PayloadType,
        header: [UInt8],
        body: [UInt8],
        keys: [SigningKey]
    ) throws(SealingError) -> SignedFrame {
        guard (1...SignedFrame.maximumSignatures).contains(keys.count) else { throw .invalidKey }
        var signatures: [Signature] = []
        for key in keys {
            signatures.append(Signature(keyID: key.id, bytes: try key.sign(type, header)))
        }
        return SignedFrame(header: header, body: body, signatures: signatures)
    }

    /// Checks every signature against the keys of the trust document, each key at most once.
    ///
    /// Throws `unknownKey` or `badSignature`. One that does not verify spoils the frame, so that no byte of it is
    /// free to change.
    func verify(_ type: PreAuthenticationEncoding.PayloadType, by trust: TrustDocument) throws(SnapshotRejection) {
        guard !self.signatures.isEmpty else { throw .notAnEnvelope }
        var seen: Set<String> = []
        for signature in self.signatures {
            guard let key = trust.key(signature.keyID) else { throw .unknownKey(signature.keyID) }
            guard seen.insert(key.id).inserted,
                SigningKey.verify(signature.bytes, of: type, self.header, by: key.publicKey)
            else { throw .badSignature(key.id) }
        }
    }
}
