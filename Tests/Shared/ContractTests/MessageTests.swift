import Contract
import GatewayTestSupport
import Identity
import Testing
import Wire

/// The messages between the planes: each survives its JSON, and nothing malformed passes.
@Suite struct MessageTests {
    private func digest(_ byte: UInt8) throws -> Digest { try #require(Digest([UInt8](repeating: byte, count: 32))) }

    private func reference(_ number: Int = 5) throws -> SnapshotReference {
        SnapshotReference(version: SnapshotVersion(epoch: 2, number: number), sha256: try self.digest(1))
    }

    private func again(_ value: JSONValue) throws -> JSONValue { try JSONReader.read(JSONWriter.write(value)) }

    private func poll() throws -> PollRequest {
        PollRequest(
            node: "node-1",
            bootID: "boot",
            nonce: "nonce",
            running: try self.reference(),
            verdict: SnapshotVerdict(refusing: try self.reference(6), because: .undecompressible),
            revocationSequence: 3,
            waitMilliseconds: 25_000,
            clock: 1_790_000_000_000,
            builtBy: "router-data-plane 1"
        )
    }

    @Test func `a poll survives its JSON`() throws {
        var poll = try self.poll()
        #expect(try PollRequest(self.again(poll.json)) == poll)
        poll.running = nil
        poll.verdict = SnapshotVerdict(snapshot: try self.reference(), outcome: .applied)
        #expect(try PollRequest(self.again(poll.json)) == poll)
        poll.verdict = nil
        #expect(try PollRequest(self.again(poll.json)) == poll)
        poll.targets = try (1...TargetHealth.most).map { number in
            TargetHealth(
                provider: try #require(Slug("p\(number)")),
                model: try #require(Slug("m")),
                dialect: .openAIChat,
                state: number % 2 == 0 ? .paused : .setAside,
                milliseconds: number
            )
        }
        #expect(try PollRequest(self.again(poll.json)) == poll)
    }

    @Test(
        arguments: [
            ("node", .null), ("node", ""), ("node", .string(String(repeating: "n", count: 129))),
            ("node", "a\nb"), ("node", "é"), ("node", 5), ("boot_id", .null), ("nonce", ""), ("running", []),
            ("running", [:]), ("running", ["epoch": 0, "version": 1, "sha256": "00"]), ("verdict", "applied"),
            ("verdict", ["outcome": "applied"]), ("revocation_sequence", -1), ("revocation_sequence", .null),
            ("wait_ms", -1), ("wait_ms", 25_001), ("wait_ms", .null), ("wait_ms", "1"), ("clock", true),
            ("built_by", ""), ("targets", "all"), ("targets", ["x"]), ("targets", [[:]]),
            ("targets", .array(Array(repeating: [:], count: 257))),
            (
                "targets",
                [["provider": "p", "model": "m", "dialect": "openai-chat", "state": "well", "for_ms": 1]]
            ),
            (
                "targets",
                [["provider": "p", "model": "m", "dialect": "openai-chat", "state": "paused", "for_ms": -1]]
            ),
        ] as [(String, JSONValue)]
    )
    func `a malformed poll is refused by the name of the member`(name: String, value: JSONValue) throws {
        var object = try #require(self.poll().json.objectValue)
        object[name] = value
        do {
            _ = try PollRequest(self.again(.object(object)))
            Issue.record("read: \(name)")
        } catch let error as JSONShapeError {
            // A reference names its epoch and number by the member that holds it, or by its own.
            #expect(error.field.hasPrefix(name), "\(error)")
        }
    }

    @Test func `a verdict with a detail that is too long is refused`() throws {
        for (code, detail) in [(String(repeating: "c", count: 65), ""), ("c", String(repeating: "d", count: 4097))] {
            var poll = try self.poll()
            poll.verdict = SnapshotVerdict(
                snapshot: try self.reference(),
                outcome: .refused(code: code, detail: detail)
            )
            #expect(throws: JSONShapeError.self) { try PollRequest(self.again(poll.json)) }
        }
    }

    @Test(arguments: [
        ("x\u{0}", ""), ("", ""), ("é", ""), ("x", "a\u{0}b"), ("x", "a\nb"), ("x", "\u{7f}"), ("x", "\u{9b}"),
    ])
    func `a verdict with a control character is refused by the name of the member`(code: String, detail: String) throws
    {
        var poll = try self.poll()
        poll.verdict = SnapshotVerdict(snapshot: try self.reference(), outcome: .refused(code: code, detail: detail))
        let json = try self.again(poll.json)
        #expect(
            performing: { try PollRequest(json) },
            throws: { ($0 as? JSONShapeError)?.field == (code == "x" ? "verdict.detail" : "verdict.code") }
        )
    }

    @Test func `what a node says of a refusal can be told, whatever the snapshot held`() throws {
        var poll = try self.poll()
        poll.verdict = SnapshotVerdict(refusing: try self.reference(), because: .invalid(["a\u{0}b\nc", "é"]))
        let told = try PollRequest(self.again(poll.json)).verdict
        #expect(told?.outcome == .refused(code: "invalid", detail: "a b c; é"))
    }

    @Test func `a heartbeat survives its JSON`() throws {
        var heartbeat = Heartbeat(
            node: "n",
            nonce: "x",
            clusterID: "c",
            current: try self.reference(),
            secretsSHA256: try self.digest(2),
            revokedTokens: ["a", "b"],
            revocationSequence: 4,
            issuedAt: 5
        )
        #expect(try Heartbeat(self.again(heartbeat.json)) == heartbeat)
        heartbeat.current = nil
        heartbeat.secretsSHA256 = nil
        heartbeat.revokedTokens = []
        #expect(try Heartbeat(self.again(heartbeat.json)) == heartbeat)
    }

    @Test func `a heartbeat with too many revocations is refused`() throws {
        let heartbeat = Heartbeat(
            node: "n",
            nonce: "x",
            clusterID: "c",
            current: nil,
            secretsSHA256: nil,
            revokedTokens: Array(repeating: "a", count: Heartbeat.maximumRevokedTokens + 1),
            revocationSequence: 0,
            issuedAt: 0
        )
        #expect(throws: JSONShapeError(field: "revoked_tokens", problem: "holds too many")) {
            try Heartbeat(heartbeat.json)
        }
    }

    @Test func `a header survives its JSON`() throws {
        var header = SnapshotHeader(
            clusterID: "c",
            version: SnapshotVersion(epoch: 2, number: 9),
            previousSHA256: try self.digest(3),
            bodySHA256: try self.digest(4),
            bodyLength: 10,
            rawLength: 20,
            issuedAt: 30,
            expiresAt: 40,
            builtBy: "b",
            features: ["f"],
            counts: SnapshotHeader.Counts(try SampleSnapshot.body())
        )
        #expect(try SnapshotHeader(self.again(header.json)) == header)
        header.expiresAt = nil
        header.features = []
        #expect(try SnapshotHeader(self.again(header.json)) == header)
    }

    @Test func `a trust document survives its JSON, its keys in order`() throws {
        let keys = ["b", "a"].map { TrustDocument.Key(id: $0, publicKey: [UInt8](repeating: 1, count: 32)) }
        let trust = TrustDocument(clusterID: "c", epoch: 1, keys: keys)
        let again = try TrustDocument(self.again(trust.json))
        #expect(again.keys.map(\.id) == ["a", "b"])
        #expect(JSONWriter.write(again.json) == JSONWriter.write(trust.json))
        #expect(again.key("a") == keys[1] && again.key("c") == nil)
    }

    @Test func `a trust document without keys, with twins or with bad keys is refused`() throws {
        let good = Base64.encode([UInt8](repeating: 1, count: 32))
        for keys in [
            "[]", #"[{"id":"a","public_key":"AAAA"}]"#, #"[{"id":"","public_key":"\#(good)"}]"#,
            #"[{"id":"\#(String(repeating: "a", count: 65))","public_key":"\#(good)"}]"#,
            #"[{"id":"a","public_key":"\#(good)"},{"id":"a","public_key":"\#(good)"}]"#, "{}", "[1]",
        ] {
            let text = #"{"cluster_id":"c","epoch":1,"keys":\#(keys)}"#
            #expect(throws: JSONShapeError.self) { try TrustDocument(JSONReader.read(Array(text.utf8))) }
        }
        let epoch = #"{"cluster_id":"c","epoch":0,"keys":[{"id":"a","public_key":"\#(good)"}]}"#
        #expect(throws: JSONShapeError.self) { try TrustDocument(JSONReader.read(Array(epoch.utf8))) }
    }

    @Test func `a bundle of secrets survives its plain text`() throws {
        let bundle = try SampleSnapshot.secrets()
        let again = try SecretsBundle(plainText: bundle.plainText)
        #expect(again.plainText == bundle.plainText)
        for text in [
            "", "[]", "{}", #"{"peppers":{"p":"!"},"provider_secrets":{}}"#,
            #"{"peppers":{},"provider_secrets":{"NOT A SLUG":"x"}}"#,
            #"{"peppers":{},"provider_secrets":{"a":1}}"#,
        ] {
            #expect(throws: JSONShapeError.self) { try SecretsBundle(plainText: Array(text.utf8)) }
        }
    }

    @Test func `joining survives its JSON and refuses keys of another length`() throws {
        let request = JoinRequest(
            tokenID: "abcdefgh",
            tokenSecret: Secret("s"),
            name: try #require(Slug("edge-1")),
            signingKey: [UInt8](repeating: 1, count: 32),
            sealingKey: [UInt8](repeating: 2, count: 32),
            proof: [UInt8](repeating: 3, count: 64)
        )
        let again = try JoinRequest(self.again(request.json))
        #expect(again.json == request.json)
        for name in ["signing_key", "sealing_key", "proof", "name", "token_id", "token_secret"] {
            for value in ["", "AAAA", "A", nil] as [JSONValue] {
                var object = try #require(request.json.objectValue)
                object[name] = value
                if name == "token_secret" || name == "token_id" || name == "name" {
                    if value == "AAAA" || value == "A" { continue }
                }
                #expect(throws: JSONShapeError.self) { try JoinRequest(.object(object)) }
            }
        }
        let response = JoinResponse(nodeID: "node-1", trust: [1, 2, 3])
        #expect(try JoinResponse(self.again(response.json)) == response)
    }

    @Test func `versions order by epoch, then by number`() {
        func version(_ epoch: Int, _ number: Int) -> SnapshotVersion { SnapshotVersion(epoch: epoch, number: number) }
        #expect(version(1, 9) < version(1, 10))
        #expect(version(1, 10) < version(2, 1))
        #expect(!(version(2, 1) < version(2, 1)))
    }

    @Test func `every refusal has a code of its own and a detail of bounded length`() {
        // One character of 10 000 bytes.
        let long = "x" + String(repeating: "\u{301}", count: 5000)
        let all: [SnapshotRejection] = [
            .truncated, .notAnEnvelope, .tooLarge, .unknownKey(long), .badSignature(long), .malformedHeader(long),
            .unsupported(long), .wrongCluster(long), .wrongEpoch(1), .notNewer(SnapshotVersion(epoch: 1, number: 1)),
            .expired, .wrongSnapshot, .bodyHashMismatch, .bodyLengthMismatch, .undecompressible,
            .malformedBody(long), .invalid([long, long]), .secretsUnavailable(long),
            .crashLoop(SnapshotVersion(epoch: 1, number: 1)), .unavailable(long),
        ]
        #expect(Set(all.map(\.code)).count == all.count)
        for rejection in all {
            #expect(!rejection.detail.isEmpty)
            #expect(rejection.detail.utf8.count <= 1024)
            #expect(rejection.code.utf8.count <= 64)
        }
    }
}
