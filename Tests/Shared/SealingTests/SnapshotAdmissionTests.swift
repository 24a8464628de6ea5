import Contract
import GatewayTestSupport
import Identity
import Sealing
import Testing
import Wire

@Suite struct SnapshotAdmissionTests {
    let cluster = TestCluster()

    @Test func `a sealed snapshot is admitted whole`() throws {
        let body = try SampleSnapshot.body()
        let sealed = try self.cluster.seal(body)
        let admitted = try self.cluster.admission.admit(
            sealed.bytes,
            expecting: sealed.reference,
            running: self.cluster.version(4),
            now: 1_800_000_000_000
        )
        #expect(admitted.body == body.sorted())
        #expect(admitted.header == sealed.header)
        #expect(admitted.reference == sealed.reference)
        #expect(sealed.sha256 == SHA256Digest.of(sealed.bytes))
        #expect(SnapshotAdmission.claimedReference(of: sealed.bytes) == sealed.reference)
    }

    @Test func `equal input gives equal bytes, whatever the order of its records`() throws {
        let body = try SampleSnapshot.body()
        var shuffled = body
        shuffled.tokens.reverse()
        shuffled.providers.reverse()
        #expect(try self.cluster.seal(body) == self.cluster.seal(shuffled))
        #expect(try self.cluster.seal(body).contentSHA256 == SnapshotSealer.contentSHA256(of: shuffled))
    }

    @Test func `the content's hash stays the same across versions and changes with the content`() throws {
        var body = try SampleSnapshot.body()
        let first = try self.cluster.seal(body, version: 1)
        let second = try self.cluster.seal(body, version: 2)
        #expect(first.contentSHA256 == second.contentSHA256)
        #expect(first.sha256 != second.sha256)
        body.tokens.removeLast()
        #expect(try self.cluster.seal(body, version: 2).contentSHA256 != first.contentSHA256)
    }

    @Test func `an older snapshot and the running one are refused`() throws {
        let sealed = try self.cluster.seal(SampleSnapshot.body(), version: 5)
        #expect(self.cluster.refusal(of: sealed.bytes, running: self.cluster.version(4)) == nil)
        for running in [5, 6, 1_000_000] {
            #expect(
                self.cluster.refusal(of: sealed.bytes, running: self.cluster.version(running))
                    == .notNewer(self.cluster.version(5))
            )
        }
        // A trusted epoch above the running one is an operator's recovery: any number of it is newer.
        #expect(self.cluster.refusal(of: sealed.bytes, running: SnapshotVersion(epoch: 0, number: 99)) == nil)
    }

    @Test func `a snapshot that was not announced is refused`() throws {
        let sealed = try self.cluster.seal(SampleSnapshot.body(), version: 5)
        let other = try self.cluster.seal(SampleSnapshot.body(), version: 6)
        #expect(self.cluster.refusal(of: sealed.bytes, expecting: other.reference) == .wrongSnapshot)
    }

    @Test func `another cluster and another epoch are refused`() throws {
        let sealed = try self.cluster.seal(SampleSnapshot.body())
        let key = self.cluster.key.trustKey
        let elsewhere = SnapshotAdmission(trust: TrustDocument(clusterID: "cluster-2", epoch: 1, keys: [key]))
        #expect(throws: SnapshotRejection.wrongCluster("cluster-1")) {
            try elsewhere.admit(sealed.bytes, expecting: nil, running: nil, now: nil)
        }
        let later = SnapshotAdmission(trust: TrustDocument(clusterID: self.cluster.id, epoch: 2, keys: [key]))
        #expect(throws: SnapshotRejection.wrongEpoch(1)) {
            try later.admit(sealed.bytes, expecting: nil, running: nil, now: nil)
        }
    }

    @Test func `a key that the trust document does not hold is refused`() throws {
        let stranger = SigningKey()
        let sealed = try self.cluster.seal(SampleSnapshot.body(), keys: [stranger])
        #expect(self.cluster.refusal(of: sealed.bytes) == .unknownKey(stranger.id))
        // Also beside a good signature.
        let both = try self.cluster.seal(SampleSnapshot.body(), keys: [self.cluster.key, stranger])
        #expect(self.cluster.refusal(of: both.bytes) == .unknownKey(stranger.id))
    }

    @Test func `a stranger's key under a trusted name is refused`() throws {
        let sealed = try self.cluster.seal(SampleSnapshot.body())
        let frame = try SignedFrame(sealed.bytes)
        let forged = SignedFrame(
            header: frame.header,
            body: frame.body,
            signatures: [.init(keyID: self.cluster.key.id, bytes: try SigningKey().sign(.snapshot, frame.header))]
        )
        #expect(self.cluster.refusal(of: forged.bytes) == .badSignature(self.cluster.key.id))
    }

    @Test func `a second signature that does not fit spoils a good one`() throws {
        let other = SigningKey()
        let trust = TrustDocument(
            clusterID: self.cluster.id,
            epoch: 1,
            keys: [self.cluster.key.trustKey, other.trustKey]
        )
        let good = try self.cluster.seal(SampleSnapshot.body(), keys: [self.cluster.key, other])
        _ = try SnapshotAdmission(trust: trust).admit(good.bytes, expecting: nil, running: nil, now: nil)

        let frame = try SignedFrame(good.bytes)
        var signatures = frame.signatures
        signatures[1] = .init(keyID: other.id, bytes: [UInt8](repeating: 0, count: 64))
        let spoilt = SignedFrame(header: frame.header, body: frame.body, signatures: signatures)
        #expect(throws: SnapshotRejection.badSignature(other.id)) {
            try SnapshotAdmission(trust: trust).admit(spoilt.bytes, expecting: nil, running: nil, now: nil)
        }
    }

    @Test func `the same signature twice is refused`() throws {
        let frame = try SignedFrame(self.cluster.seal(SampleSnapshot.body()).bytes)
        let doubled = SignedFrame(
            header: frame.header,
            body: frame.body,
            signatures: frame.signatures + frame.signatures
        )
        #expect(self.cluster.refusal(of: doubled.bytes) == .badSignature(self.cluster.key.id))
    }

    @Test func `a frame without signatures is refused`() throws {
        let frame = try SignedFrame(self.cluster.seal(SampleSnapshot.body()).bytes)
        let bare = SignedFrame(header: frame.header, body: frame.body, signatures: [])
        #expect(self.cluster.refusal(of: bare.bytes) == .notAnEnvelope)
    }

    @Test func `a signature made for another kind of message is refused`() throws {
        let frame = try SignedFrame(self.cluster.seal(SampleSnapshot.body()).bytes)
        for type in [PreAuthenticationEncoding.PayloadType.heartbeat, .nodeRequest, .join] {
            let bytes = try self.cluster.envelope(header: frame.header, body: frame.body, type: type)
            #expect(self.cluster.refusal(of: bytes) == .badSignature(self.cluster.key.id))
        }
    }

    @Test func `swapped bodies are refused`() throws {
        var other = try SampleSnapshot.body()
        other.tokens.removeAll()
        let first = try SignedFrame(self.cluster.seal(SampleSnapshot.body(), version: 5).bytes)
        let second = try SignedFrame(self.cluster.seal(other, version: 6).bytes)
        let swapped = SignedFrame(header: first.header, body: second.body, signatures: first.signatures)
        #expect(self.cluster.refusal(of: swapped.bytes) == .bodyLengthMismatch)
        var sameLength = first.body
        sameLength[sameLength.count / 2] ^= 0x40
        let changed = SignedFrame(header: first.header, body: sameLength, signatures: first.signatures)
        #expect(self.cluster.refusal(of: changed.bytes) == .bodyHashMismatch)
    }

    @Test func `a body that inflates to more or less than announced is refused`() throws {
        let raw = JSONWriter.write(try SampleSnapshot.body().json)
        let compressed = try Gzip.compress(raw)
        for length in [0, raw.count - 1, raw.count + 1, raw.count * 1000] {
            let bytes = try self.cluster.envelope(body: compressed, rawLength: length)
            #expect(self.cluster.refusal(of: bytes) == .undecompressible)
        }
        // 64 MiB of zeros in 64 KiB.
        let bomb = try Gzip.compress([UInt8](repeating: 0x20, count: 64 * 1024 * 1024), level: 9)
        let bytes = try self.cluster.envelope(body: bomb, rawLength: 1000)
        #expect(self.cluster.refusal(of: bytes) == .undecompressible)
    }

    @Test func `lengths outside the limits are refused before anything is done with them`() throws {
        let compressed = try Gzip.compress([])
        for (name, value) in [
            ("raw_length", -1), ("raw_length", Int.max), ("raw_length", SnapshotHeader.maximumRawBytes + 1),
            ("body_length", -1), ("body_length", Int.min), ("body_length", Int.max),
        ] {
            let bytes = try self.cluster.envelope(body: compressed, rawLength: 0) { $0[name] = .int(value) }
            #expect(self.cluster.refusal(of: bytes) == .tooLarge, "\(name) \(value)")
        }
        let endless = [UInt8](repeating: 0, count: SnapshotAdmission.maximumBytes + 1)
        #expect(self.cluster.refusal(of: endless) == .tooLarge)
    }

    @Test func `another schema and an unknown feature are refused`() throws {
        let raw = JSONWriter.write(try SampleSnapshot.body().json)
        let major = try self.cluster.envelope(raw: raw) { $0["schema"] = ["major": 2, "minor": 0] }
        #expect(self.cluster.refusal(of: major) == .unsupported("schema 2"))
        let minor = try self.cluster.envelope(raw: raw) { $0["schema"] = ["major": 1, "minor": 7] }
        #expect(self.cluster.refusal(of: minor) == nil)
        let feature = try self.cluster.envelope(raw: raw) { $0["features"] = ["telepathy"] }
        #expect(self.cluster.refusal(of: feature) == .unsupported("feature telepathy"))
    }

    @Test func `what an older node must not overlook is told as a feature, and only where it is used`() throws {
        var body = try SampleSnapshot.body()
        #expect(try self.cluster.seal(body).header.features == [])
        body.providers[0].authentication = .apiKey
        let sealed = try self.cluster.seal(body)
        #expect(sealed.header.features == ["api-key-header"])
        #expect(self.cluster.refusal(of: sealed.bytes) == nil)
    }

    @Test func `an expired snapshot is refused while there is a clock to tell`() throws {
        let raw = JSONWriter.write(try SampleSnapshot.body().json)
        let bytes = try self.cluster.envelope(raw: raw) { $0["expires_at"] = 1000 }
        #expect(self.cluster.refusal(of: bytes, now: 999) == nil)
        #expect(self.cluster.refusal(of: bytes, now: 1000) == .expired)
        #expect(self.cluster.refusal(of: bytes, now: nil) == nil)
    }

    @Test func `a header that is no header is refused`() throws {
        for header in ["", "{", "[]", "null", "{}", #"{"schema":1}"#, "\u{feff}{}"] {
            let bytes = try self.cluster.envelope(header: Array(header.utf8), body: [])
            guard case .malformedHeader = self.cluster.refusal(of: bytes) else {
                Issue.record("admitted or refused otherwise: \(header)")
                continue
            }
        }
        let raw = JSONWriter.write(try SampleSnapshot.body().json)
        for (name, value) in [
            ("epoch", JSONValue.int(0)), ("version", 0), ("version", -1), ("version", "5"), ("body_sha256", "zz"),
            ("encoding", "zstd"), ("issued_at", nil), ("counts", [:]), ("features", [1]),
        ] {
            let bytes = try self.cluster.envelope(raw: raw) { $0[name] = value }
            guard case .malformedHeader = self.cluster.refusal(of: bytes) else {
                Issue.record("admitted or refused otherwise: \(name)")
                continue
            }
        }
    }

    @Test func `a body that is not the JSON of a snapshot is refused`() throws {
        for raw in ["", "{", "[]", "{}", "null", #"{"deployment":"m","deployment":"m"}"#, "\u{0}"] {
            let bytes = try self.cluster.envelope(raw: Array(raw.utf8))
            guard case .malformedBody = self.cluster.refusal(of: bytes) else {
                Issue.record("admitted or refused otherwise: \(raw)")
                continue
            }
        }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        guard case .malformedBody = self.cluster.refusal(of: try self.cluster.envelope(raw: deep)) else {
            Issue.record("hostile depth is not refused")
            return
        }
    }

    @Test func `counts that do not fit the body are refused`() throws {
        let raw = JSONWriter.write(try SampleSnapshot.body().json)
        let counts: JSONValue = ["providers": 2, "models": 2, "groups": 1, "tokens": 3]
        guard case .malformedBody = self.cluster.refusal(of: try self.cluster.envelope(raw: raw, counts: counts))
        else {
            Issue.record("wrong counts are not refused")
            return
        }
    }

    @Test func `a body that reads well but makes no sense is refused with every problem`() throws {
        var body = try SampleSnapshot.body()
        body.models.removeAll()
        body.tokens.append(contentsOf: body.tokens)
        let sealed = try self.cluster.seal(body)
        guard case .invalid(let problems) = self.cluster.refusal(of: sealed.bytes) else {
            Issue.record("nonsense is not refused")
            return
        }
        #expect(problems.count == 4)
        #expect(problems.contains("tokens[1].id occurs twice"))
    }

    @Test func `nothing is sealed without a key or with too many`() throws {
        let body = try SampleSnapshot.body()
        #expect(throws: SealingError.invalidKey) { try self.cluster.seal(body, keys: []) }
        let many = (0...SignedFrame.maximumSignatures).map { _ in SigningKey() }
        #expect(throws: SealingError.invalidKey) { try self.cluster.seal(body, keys: many) }
    }
}
