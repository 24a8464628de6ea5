import Contract
import GatewayTestSupport
import Identity
import Testing
import Wire

@Suite struct SnapshotBodyTests {
    @Test func `a body survives its own JSON`() throws {
        let body = try SampleSnapshot.body()
        let again = try SnapshotBody(JSONReader.read(JSONWriter.write(body.json)))
        #expect(again == body)
        #expect(JSONWriter.write(again.json) == JSONWriter.write(body.json))
        #expect(body.problems() == [])
    }

    @Test func `every member is what the text said`() throws {
        let body = try SampleSnapshot.body()
        let provider = try #require(body.providers.first)
        #expect(provider.baseURL.description == "https://api.acme.example:8443/base")
        #expect(provider.dialects[.openAIChat] == "/chat")
        #expect(provider.dialects[.anthropicMessages] == .some(nil))
        #expect(provider.timeouts == TimeoutRecord(connect: 1000, total: 60_000))
        let model = try #require(body.models.first)
        #expect(model.declared[.openAIChat]?.inputModalities == ["text", "image"])
        #expect(model.quirks["no_stream_options"] == true)
        let group = try #require(body.groups.first)
        #expect(group.targets.map(\.weight) == [3, 1])
        #expect(group.targets.map(\.priority) == [0, 1])
        #expect(group.targets.map(\.enabled) == [true, false])
        #expect(body.tokens.map(\.state) == [.active, .revoked])
        #expect(body.tokens[0].endpoints == [.openAIChat])
        #expect(body.tokens[1].endpoints == nil)
    }

    @Test(arguments: ProviderRecord.Authentication.allCases)
    func `a credential travels in the header of its scheme, and what is new is told`(
        _ scheme: ProviderRecord.Authentication
    ) throws {
        var body = try SampleSnapshot.body()
        body.providers[0].authentication = scheme
        let header = body.providers[0].credentialHeader(Secret("key"))
        #expect(header?.name == scheme.header)
        let value = scheme == .bearer ? "Bearer key" : "key"
        #expect(header?.value.withExposedText { $0 } == (scheme == .none ? nil : value))
        #expect(body.providers[0].credentialHeader(nil) == nil)
        #expect(try SnapshotBody(JSONReader.read(JSONWriter.write(body.json))) == body)
        #expect(body.features == (scheme == .apiKey ? [.apiKeyHeader] : []))
    }

    @Test(arguments: ["/a", "/a/b.c", "/a?b=c", "/a?api-version=2024-10-21", "/a?b=&c_d.e=f/g=h,i"])
    func `a path may have a query of names and values`(_ path: String) throws {
        var body = try SampleSnapshot.body()
        body.providers[0].dialects[.openAIChat] = .some(path)
        #expect(body.problems() == [])
        #expect(body.providers[0].url(for: .openAIChat) == "https://api.acme.example:8443/base" + path)
        #expect(body.features == (path.contains("?") ? [.endpointQuery] : []))
    }

    @Test func `no provider sets the header of its own credential`() throws {
        let problems = try self.problems { body in
            // Stored before there was a scheme for it.
            body.providers[0].headers = ["api-key": "x"]
            body.providers[1].headers = ["api-key": "x"]
            body.providers[1].authentication = .apiKey
        }
        #expect(problems == ["providers[1].headers.api-key is the header of the provider's own credential"])
    }

    @Test func `members that a newer minor schema adds are ignored`() throws {
        var object = try #require(SampleSnapshot.json().objectValue)
        object["prices"] = [["model": "x"]]
        #expect(try SnapshotBody(.object(object)) == SampleSnapshot.body())
    }

    /// A body whose one token has every member that format 1.0 had, and `more`.
    private func body(more: String = "") -> String {
        #"{"deployment":"metrum","providers":[],"models":[],"groups":[],"tokens":["#
            + #"{"id":"rtr_metrum_alice_shop_prod_k1","code":"\#(String(repeating: "0f", count: 32))","#
            + #""pepper":"p1","state":"active","allow":["default"],"endpoints":["openai-chat"],"#
            + #""not_before":1700000000000,"expires_at":4100000000000\#(more)}]}"#
    }

    @Test func `a body of format 1.0 is read, and keeps its bytes`() throws {
        let text = self.body()
        let body = try SnapshotBody(JSONReader.read(Array(text.utf8)))
        #expect(body.tokens.map(\.strict) == [false])
        #expect(JSONWriter.text(body.json) == text)
    }

    @Test func `a strict token says so, and one that is not says nothing`() throws {
        let record = try TokenRecord.example(key: "k1", allow: ["default"], strict: true)
        var body = SnapshotBody(deployment: try #require(Slug("metrum")), tokens: [record])
        let text = JSONWriter.text(body.json)
        #expect(text.contains(#""strict":true"#))
        #expect(try SnapshotBody(JSONReader.read(Array(text.utf8))) == body)
        body.tokens[0].strict = false
        #expect(!JSONWriter.text(body.json).contains("strict"))
    }

    @Test(arguments: [("false", false), ("null", false), ("true", true)])
    func `whether a token is strict is read when it is there`(text: String, strict: Bool) throws {
        let text = self.body(more: ",\"strict\":\(text)")
        #expect(try SnapshotBody(JSONReader.read(Array(text.utf8))).tokens.map(\.strict) == [strict])
    }

    @Test(arguments: ["1", "\"true\"", "[]", "{}"])
    func `a token whose strictness is no truth value is refused`(text: String) throws {
        let value = try JSONReader.read(Array(self.body(more: ",\"strict\":\(text)").utf8))
        do {
            _ = try SnapshotBody(value)
            Issue.record("read")
        } catch {
            #expect(error.field == "tokens[0].strict")
        }
    }

    @Test func `every missing or mistyped member is named`() throws {
        let body = try SampleSnapshot.json()
        for name in ["deployment", "providers", "models", "groups", "tokens"] {
            var object = try #require(body.objectValue)
            object[name] = nil
            #expect(throws: JSONShapeError(field: name, problem: "is missing")) { try SnapshotBody(.object(object)) }
            object[name] = 7
            do {
                _ = try SnapshotBody(.object(object))
                Issue.record("read")
            } catch {
                #expect(error.field == name)
            }
        }
    }

    @Test func `sorting puts records in the order of their ids and changes nothing else`() throws {
        var body = try SampleSnapshot.body()
        let sorted = body.sorted()
        body.providers.reverse()
        body.models.reverse()
        body.groups.reverse()
        body.tokens.reverse()
        #expect(body.sorted() == sorted)
        #expect(Set(body.tokens) == Set(sorted.tokens))
    }

    private func problems(changing change: (inout SnapshotBody) throws -> Void) throws -> [String] {
        var body = try SampleSnapshot.body()
        try change(&body)
        return body.problems().map(\.description)
    }

    @Test func `twins are named`() throws {
        #expect(
            try self.problems { body in
                body.providers.append(body.providers[0])
                body.models.append(body.models[0])
                body.groups.append(body.groups[0])
                body.groups[0].targets.append(body.groups[0].targets[0])
                body.tokens.append(body.tokens[0])
            } == [
                "providers[2].id occurs twice", "models[2].id occurs twice", "groups[0].targets[2].id occurs twice",
                "groups[1].id occurs twice", "tokens[2].id occurs twice",
            ]
        )
    }

    @Test func `references that lead nowhere are named`() throws {
        #expect(
            try self.problems { $0.providers.removeLast() } == ["models[1].provider names no provider"]
        )
        #expect(
            try self.problems { $0.models.removeLast() } == ["groups[0].targets[1].model names no model"]
        )
        #expect(
            try self.problems { $0.groups.removeAll() }
                == ["tokens[0].allow names a group that does not exist: default"]
        )
    }

    @Test func `nonsense inside a record is named`() throws {
        #expect(
            try self.problems { body in
                body.providers[0].dialects[.openAIChat] = .some("/a?b")
                body.providers[1].dialects = [:]
                body.providers[1].headers = ["authorization": "x"]
                body.models[0].upstreamModel = ""
                body.models[0].declared[.openAIResponses] = DeclaredCapabilities()
                body.groups[0].targets[0].weight = -1
                body.deployment = try #require(Slug("other"))
            } == [
                "providers[0].dialects.openai-chat.path \(SnapshotBody.pathRule)",
                "providers[1].dialects must offer at least one dialect",
                "providers[1].headers.authorization is not a header that may be added to upstream requests",
                "models[0].upstream_model must have 1 to 256 bytes",
                "models[0].declared.openai-responses is not a dialect of its provider",
                "groups[0].targets[0].weight is out of range",
                "tokens[0].id belongs to another deployment", "tokens[1].id belongs to another deployment",
            ]
        )
    }

    @Test func `at most a hundred problems are told`() throws {
        let problems = try self.problems { body in
            body.tokens = Array(repeating: body.tokens[0], count: 500)
        }
        #expect(problems.count == 100)
    }
}
