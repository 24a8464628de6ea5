import Contract
import Identity
import Sealing
import Testing
import Wire

@Suite struct NodeIdentityTests {
    let identity = NodeIdentity()

    private func headers(_ body: [UInt8] = [1, 2, 3]) throws -> [String: String] {
        let lines = try self.identity.signedHeaders(
            method: "POST",
            path: NodeRequest.pollPath,
            body: body,
            node: "node-1",
            time: 1_790_000_000_000,
            nonce: "abc"
        )
        return Dictionary(lines) { first, _ in first }
    }

    private func verify(
        _ headers: [String: String],
        method: String = "POST",
        path: String = NodeRequest.pollPath,
        body: [UInt8] = [1, 2, 3],
        key: [UInt8]? = nil
    ) -> Bool {
        NodeSignature.verify(
            method: method,
            path: path,
            body: body,
            node: headers[NodeRequest.nodeHeader] ?? "",
            time: headers[NodeRequest.timeHeader] ?? "",
            nonce: headers[NodeRequest.nonceHeader] ?? "",
            signature: headers[NodeRequest.signatureHeader] ?? "",
            publicKey: key ?? self.identity.signingKey.publicKey
        )
    }

    @Test func `a signed request verifies, and serves for no other`() throws {
        let headers = try self.headers()
        #expect(self.verify(headers))
        #expect(!self.verify(headers, method: "GET"))
        #expect(!self.verify(headers, path: NodeRequest.joinPath))
        #expect(!self.verify(headers, body: [1, 2, 4]))
        #expect(!self.verify(headers, key: SigningKey().publicKey))
        #expect(!self.verify(headers, key: []))
        for name in [NodeRequest.nodeHeader, NodeRequest.timeHeader, NodeRequest.nonceHeader] {
            var changed = headers
            changed[name] = "x"
            #expect(!self.verify(changed), "\(name)")
        }
    }

    @Test(arguments: ["", "!", "AAAA", String(repeating: "A", count: 88), String(repeating: "A", count: 4000)])
    func `a malformed signature is refused`(text: String) throws {
        var headers = try self.headers()
        headers[NodeRequest.signatureHeader] = text
        #expect(!self.verify(headers))
    }

    @Test func `keys survive the file`() throws {
        let read = try NodeIdentity(fileBytes: self.identity.fileBytes)
        #expect(read.signingKey.publicKey == self.identity.signingKey.publicKey)
        #expect(read.sealingKey.publicKey == self.identity.sealingKey.publicKey)
        for text in ["", "{}", #"{"signing_key":"AA==","sealing_key":"AA=="}"#] {
            #expect(throws: SealingError.self) { try NodeIdentity(fileBytes: SecretBytes(Array(text.utf8))) }
        }
    }

    @Test func `a join request proves possession of its key`() throws {
        let token = JoinToken(
            id: "abcdefgh",
            secret: Secret(String(repeating: "s", count: 43)),
            fingerprint: SHA256Digest.of([])
        )
        let name = try #require(Slug("edge-1"))
        var request = try self.identity.joinRequest(token: token, name: name)
        #expect(NodeSignature.verifyProof(of: request))
        let decoded = try JoinRequest(JSONReader.read(JSONWriter.write(request.json)))
        #expect(NodeSignature.verifyProof(of: decoded))
        request.sealingKey = NodeSealingKey().publicKey
        #expect(!NodeSignature.verifyProof(of: request))
        request.sealingKey = self.identity.sealingKey.publicKey
        request.tokenID = "hgfedcba"
        #expect(!NodeSignature.verifyProof(of: request))
    }

    @Test func `a signing key is named by its public half`() throws {
        let key = SigningKey()
        #expect(key.id.utf8.count == 16)
        #expect(key.id == SigningKey.id(ofPublicKey: key.publicKey))
        let again = try SigningKey(id: key.id, rawPrivateKey: key.rawPrivateKey)
        #expect(again.publicKey == key.publicKey)
        #expect(throws: SealingError.invalidKey) {
            try SigningKey(id: SigningKey().id, rawPrivateKey: key.rawPrivateKey)
        }
        #expect(throws: SealingError.invalidKey) { try SigningKey(rawPrivateKey: SecretBytes([1, 2, 3])) }
    }
}
