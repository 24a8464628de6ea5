import Dialects
import Exchange
import Identity
import Testing

/// Paths, compared byte for byte.
@Suite struct EndpointTests {
    @Test(arguments: [
        ("/v1/chat/completions", Endpoint.generate(.openAIChat)), ("/chat/completions", .generate(.openAIChat)),
        ("/v1/responses", .generate(.openAIResponses)), ("/responses", .generate(.openAIResponses)),
        ("/v1/messages", .generate(.anthropicMessages)), ("/messages", .generate(.anthropicMessages)),
        ("/anthropic/v1/messages", .generate(.anthropicMessages)), ("/v1/models", .models), ("/models", .models),
        ("/anthropic/v1/models", .models), ("/v1/models/default", .model("default")), ("/models/fast", .model("fast")),
        ("/anthropic/v1/models/a", .model("a")), ("/", .hello), ("/api/hello", .hello),
        ("/v1/requests/a", .decision("a")), ("/anthropic/v1/requests/a", .decision("a")),
        ("/v1/explain", .explain(nil)),
        ("/anthropic/v1/explain", .explain(.anthropicMessages)),
    ])
    func `each path has its endpoint`(_ path: String, _ endpoint: Endpoint) {
        #expect(Endpoint(path: path) == endpoint)
        #expect(Endpoint(path: path[...]) == endpoint)
    }

    @Test(arguments: [
        "", "//", "/v1", "/v1/", "/v1//models", "//v1/models", "/v1/models/", "/v1/models//", "/v1/models/a/b",
        "/V1/models",
        "/v1/Models", "/v1/models;x", "/v1/models%2f", "/v1%2fmodels", "/v1/./models", "/v1/../v1/models",
        "/v1/models ",
        " /v1/models", "v1/models", "/v1/chat/completions/", "/v1/chat//completions", "/v1/chat%2fcompletions",
        "/v1/chat/completions;a=b", "/v1/messages/", "/v1/messages/x", "/anthropic/messages", "/anthropic/v1/responses",
        "/v1/responses/", "/v1/responses/compact", "/V1/CHAT/COMPLETIONS", "/v1/models\u{0}", "/v1/models\u{301}",
        "/api/hello/", "/v1/chat/completions\u{301}", "*", "/v1/requests", "/v1/requests/", "/v1/requests/a/b",
        "/v1/explain/", "/admin/v1/providers", "/metrics", "/readyz",
    ])
    func `what is written otherwise is no endpoint`(_ path: String) {
        #expect(Endpoint(path: path) == nil)
    }

    @Test(arguments: ["%2e%2e", "..", "a;b", "a%2fb", "A", "a b", "models"])
    func `the name of a model is not decoded`(_ name: String) {
        #expect(Endpoint(path: "/v1/models/\(name)") == .model(name))
    }

    @Test func `only the greeting needs no token`() {
        #expect(!Endpoint.hello.needsToken)
        for endpoint in [Endpoint.models, .model("a"), .generate(.openAIChat)] { #expect(endpoint.needsToken) }
    }

    @Test func `names are few, whatever is asked for`() {
        #expect(Endpoint.model("anything").name == "models")
        #expect(Endpoint.generate(.anthropicMessages).name == "anthropic-messages")
    }

    @Test func `errors have the shape of the path, known or not`() {
        for path in [
            "/v1/messages", "/messages", "/anthropic/v1/models", "/anthropic/x", "/v1/messages#x",
            "/v1/messages/count_tokens",
        ] {
            #expect(Endpoint.envelope(of: Endpoint(path: path), path: path) == .anthropic, "\(path)")
        }
        for path in ["", "/", "/v1/models", "/v1/chat/completions", "/anthropic", "/x/v1/messages"] {
            #expect(Endpoint.envelope(of: Endpoint(path: path), path: path) == .openAI, "\(path)")
        }
    }

    @Test func `errors of the list of models have the shape that its client speaks`() {
        let headers = [(name: "openai-beta", value: "x"), (name: "anthropic-version", value: "2023-06-01")]
        for path in ["/v1/models", "/models", "/v1/models/a"] {
            let endpoint = Endpoint(path: path)
            #expect(Endpoint.envelope(of: endpoint, path: path, dialectHeaders: headers) == .anthropic)
            #expect(Endpoint.envelope(of: endpoint, path: path, dialectHeaders: Array(headers.prefix(1))) == .openAI)
        }
        let responses = "/v1/responses"
        #expect(Endpoint.envelope(of: Endpoint(path: responses), path: responses, dialectHeaders: headers) == .openAI)
    }
}
