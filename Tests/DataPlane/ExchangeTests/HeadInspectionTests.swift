import Dialects
import Exchange
import Identity
import Testing

/// Request heads that the parser lets through: which are refused, and whether the connection can be kept.
@Suite struct HeadInspectionTests {
    private func facts(
        _ method: String = "POST",
        _ target: String = "/v1/chat/completions",
        minor: Int = 1,
        hosts: [String] = ["router.example"],
        _ change: (inout HeadFacts) -> Void = { _ in }
    ) -> HeadFacts {
        var facts = HeadFacts(method: method, target: target, minorVersion: minor)
        facts.hosts = hosts
        change(&facts)
        return facts
    }

    /// Nil when the head goes on.
    private func framing(_ facts: HeadFacts) -> (error: CallerError, closes: Bool)? {
        guard case .refuse(let error, let closes) = HeadInspection.framing(facts) else { return nil }
        return (error, closes)
    }

    private func form(_ facts: HeadFacts, _ endpoint: Endpoint = .generate(.openAIChat)) -> (status: Int, closes: Bool)?
    {
        guard case .refuse(let error, let closes) = HeadInspection.form(facts, endpoint: endpoint) else { return nil }
        return (error.status, closes)
    }

    @Test func `an ordinary head goes on`() {
        #expect(self.framing(self.facts()) == nil)
        #expect(self.framing(self.facts("GET", "/v1/models?limit=1000")) == nil)
        #expect(self.framing(self.facts { $0.transferEncodings = ["chunked"] }) == nil)
        #expect(self.framing(self.facts { $0.transferEncodings = ["Chunked"] }) == nil)
        #expect(self.framing(self.facts("OPTIONS", "*")) == nil)
        #expect(self.form(self.facts { $0.contentTypes = ["application/json"] }) == nil)
    }

    @Test(arguments: [
        "a", "A.b-C.example", "127.0.0.1:8080", "[::1]:8080", "host_name", String(repeating: "a", count: 261),
    ])
    func `a host is taken as it is`(_ host: String) {
        #expect(self.framing(self.facts(hosts: [host])) == nil)
    }

    @Test(arguments: [
        "", " ", "a b", "a/b?c@d", "a/b", "a?b", "a@b", "a#b", "a,b", "a\\b", "a\tb", "ä.example", "a%2fb", "a;b",
        "a\u{0}",
        String(repeating: "a", count: 262),
    ])
    func `a host that is more than a host is refused`(_ host: String) {
        let refused = self.framing(self.facts(hosts: [host]))
        #expect(refused?.error.status == 400)
        #expect(refused?.error.code == "invalid-request")
        #expect(refused?.closes == true)
    }

    @Test func `there must be exactly one host`() {
        for hosts in [[], ["a", "a"], ["a", "b"], ["a", ""]] {
            #expect(self.framing(self.facts(hosts: hosts))?.closes == true)
        }
        #expect(self.framing(self.facts("GET", "/", minor: 0, hosts: [])) == nil)
        #expect(self.framing(self.facts("GET", "/", minor: 0, hosts: ["a", "b"])) != nil)
        #expect(self.framing(self.facts("GET", "/", minor: 0, hosts: ["a/b"])) != nil)
    }

    @Test(arguments: [
        ["gzip, chunked"], ["identity, chunked"], ["chunked, identity"], ["chunked, chunked"], ["xchunked"],
        ["identity"],
        ["chunked", "chunked"], ["gzip", "chunked"], [""], ["chunked;q=1"], ["\u{0b}chunked"], ["chun ked"],
    ])
    func `no transfer coding but chunked is read`(_ encodings: [String]) {
        #expect(self.framing(self.facts { $0.transferEncodings = encodings })?.closes == true)
    }

    @Test func `a body has one length`() {
        let both = self.facts {
            $0.transferEncodings = ["chunked"]
            $0.contentLength = 5
        }
        #expect(self.framing(both)?.closes == true)
    }

    @Test(arguments: [[], ["a"]])
    func `HTTP 1.0 has no transfer coding, with a host or without`(_ hosts: [String]) {
        #expect(self.framing(self.facts(minor: 0, hosts: hosts) { $0.transferEncodings = ["chunked"] })?.closes == true)
    }

    @Test(arguments: [["h2c"], ["TLS/1.0"], ["websocket"], ["h2c", "websocket"], [""]])
    func `an upgrade that is offered with a request is ignored`(_ upgrades: [String]) {
        let facts = self.facts { $0.upgrades = upgrades }
        #expect(self.framing(facts) == nil && self.form(facts) == nil)
    }

    @Test(arguments: [["websocket"], ["h2c", "websocket"]])
    func `a WebSocket that is asked for is answered with 426`(_ upgrades: [String]) {
        let facts = self.facts("GET", "/v1/responses") { $0.upgrades = upgrades }
        #expect(self.framing(facts) == nil)
        let refused = self.form(facts, .generate(.openAIResponses))
        #expect(refused?.status == 426 && refused?.closes == false)
    }

    @Test(arguments: [
        "http://router.example/v1/models", "https://evil.example/", "//", "v1/models", "", "*", "router.example:443",
        "/v1/models /x", "/\u{7f}", "/ä", "/a#b", "/\t", "?x",
    ])
    func `the target is a path and nothing else`(_ target: String) {
        let refused = self.framing(self.facts("GET", target))
        // Two slashes are a path, though one that leads nowhere.
        #expect((refused == nil) == (target == "//"))
        #expect(refused?.closes ?? true)
    }

    @Test func `CONNECT is refused`() {
        for target in ["/", "router.example:443"] {
            #expect(self.framing(self.facts("CONNECT", target))?.closes == true)
        }
    }

    @Test func `other methods are told which to use`() {
        for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", ""] {
            let refused = self.form(self.facts(method))
            #expect(refused?.status == 405 && refused?.closes == false, "\(method)")
        }
        #expect(self.form(self.facts("POST"), .models)?.status == 405)
        for method in ["GET", "HEAD"] {
            #expect(self.form(self.facts(method), .models) == nil)
            #expect(self.form(self.facts(method), .hello) == nil)
        }
    }

    @Test func `a body may have 64 MiB`() {
        let most = HeadInspection.maximumBodyBytes
        #expect(most == 64 * 1024 * 1024)
        #expect(self.form(self.facts { $0.contentLength = most }) == nil)
        for length in [most + 1, Int.max] {
            let refused = self.form(self.facts { $0.contentLength = length })
            #expect(refused?.status == 413 && refused?.closes == true)
        }
        #expect(self.form(self.facts("GET") { $0.contentLength = most + 1 }, .models)?.status == 413)
    }

    @Test func `a body that is compressed is refused`() {
        for encodings in [
            ["gzip"], ["GZIP"], ["identity", "gzip"], ["", "gzip"], ["identity, gzip"], ["zstd"], ["br"],
        ] {
            let refused = self.form(self.facts { $0.contentEncodings = encodings })
            #expect(refused?.status == 415 && refused?.closes == false, "\(encodings)")
        }
        for encodings in [["identity"], ["Identity"], [""], []] {
            #expect(self.form(self.facts { $0.contentEncodings = encodings }) == nil)
        }
        #expect(self.form(self.facts("GET") { $0.contentEncodings = ["gzip"] }, .models) == nil)
    }

    @Test func `a body is JSON, or says nothing against it`() {
        for type in [
            "application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/json ;x",
            "text/json",
            "application/vnd.api+json", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream",
            "",
        ] {
            #expect(self.form(self.facts { $0.contentTypes = [type] }) == nil, "\(type)")
        }
        for type in [
            "multipart/form-data; boundary=x", "text/html", "application/xml", "application/jsonp", "json", "image/png",
        ] {
            #expect(self.form(self.facts { $0.contentTypes = [type] })?.status == 415, "\(type)")
        }
        #expect(self.form(self.facts { $0.contentTypes = ["application/json", "text/html"] })?.status == 415)
    }

    @Test func `the only expectation is to be told to go on`() {
        #expect(self.form(self.facts { $0.expectations = ["100-Continue"] }) == nil)
        for expectations in [["200-ok"], [""], ["100-continue", "x"], ["100-continue, x"]] {
            let refused = self.form(self.facts { $0.expectations = expectations })
            #expect(refused?.status == 417 && refused?.closes == true)
        }
    }

    @Test func `the query is no part of the path`() {
        #expect(self.facts("POST", "/v1/messages?beta=true").path == "/v1/messages")
        #expect(self.facts("POST", "/v1/messages??").path == "/v1/messages")
        #expect(self.facts("POST", "?").path == "")
        #expect(self.facts("POST", "").path == "")
    }
}
