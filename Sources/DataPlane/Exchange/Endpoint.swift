package import Dialects
package import Identity

/// What a path of the data plane's public listener serves.
package enum Endpoint: Hashable, Sendable {
    /// A model request in one dialect.
    case generate(Dialect)
    /// How many input tokens a Messages request would have; answered without asking a model.
    case countTokens
    /// The list of the groups that a token may use.
    case models
    /// One of them.
    case model(String)
    /// What was decided about one request of the same token, by the request's id.
    case decision(String)
    /// What would happen to a request; nothing is sent upstream. Nil where the body tells the dialect.
    case explain(Dialect?)
    /// Says that something listens, to probes without a token.
    case hello

    package var methods: [String] {
        switch self {
        case .generate, .countTokens, .explain: ["POST"]
        case .models, .model, .decision: ["GET", "HEAD"]
        case .hello: ["GET", "HEAD"]
        }
    }

    package var needsToken: Bool { self != .hello }

    /// The dialect of the request's body; nil where there is none.
    package var dialect: Dialect? {
        switch self {
        case .generate(let dialect): dialect
        case .countTokens: .anthropicMessages
        case .explain(let dialect): dialect
        case .models, .model, .decision, .hello: nil
        }
    }

    /// Whether the request has a body that is read.
    package var takesBody: Bool {
        switch self {
        case .generate, .countTokens, .explain: true
        case .models, .model, .decision, .hello: false
        }
    }

    /// A bounded name for metrics and logs.
    package var name: String {
        switch self {
        case .generate(let dialect): dialect.rawValue
        case .countTokens: "count-tokens"
        case .models, .model: "models"
        case .decision: "requests"
        case .explain: "explain"
        case .hello: "hello"
        }
    }

    /// The endpoint at a path, compared byte for byte: no decoding, no folding of case or slashes, so that what
    /// is authorised is what is served.
    package init?(path: some StringProtocol) {
        switch path {
        case "/v1/chat/completions", "/chat/completions": self = .generate(.openAIChat)
        case "/v1/responses", "/responses": self = .generate(.openAIResponses)
        case "/v1/messages", "/messages", "/anthropic/v1/messages": self = .generate(.anthropicMessages)
        case "/v1/messages/count_tokens", "/messages/count_tokens", "/anthropic/v1/messages/count_tokens":
            self = .countTokens
        // One body serves OpenAI's, Anthropic's and Codex's clients; the last path is what a Codex catalogue URL names.
        case "/v1/models", "/models", "/anthropic/v1/models", "/v1/codex/models.json": self = .models
        case "/v1/explain": self = .explain(nil)
        case "/anthropic/v1/explain": self = .explain(.anthropicMessages)
        case "/", "/api/hello": self = .hello
        default:
            for prefix in ["/v1/models/", "/models/", "/anthropic/v1/models/"] {
                guard let name = Endpoint.name(in: path, behind: prefix) else { continue }
                self = .model(name)
                return
            }
            for prefix in ["/v1/requests/", "/anthropic/v1/requests/"] {
                guard let name = Endpoint.name(in: path, behind: prefix) else { continue }
                self = .decision(name)
                return
            }
            return nil
        }
    }

    /// The last part of a path, which the rest of it is `prefix`; nil when it is another path, or has no last part.
    private static func name(in path: some StringProtocol, behind prefix: String) -> String? {
        guard path.hasPrefix(prefix) else { return nil }
        let name = path.dropFirst(prefix.count)
        return name.isEmpty || name.contains("/") ? nil : String(name)
    }

    /// The shape of errors on a path, known or not; `endpoint` is what the path serves.
    ///
    /// The list of models has the same path for all clients: those of Anthropic say which version they speak.
    package static func envelope(
        of endpoint: Endpoint?,
        path: some StringProtocol,
        dialectHeaders: [(name: String, value: String)] = []
    ) -> ErrorEnvelope {
        switch endpoint {
        case .generate(let dialect): dialect == .anthropicMessages ? .anthropic : .openAI
        case .countTokens: .anthropic
        case .models, .model, .decision, .explain:
            path.hasPrefix("/anthropic/") || dialectHeaders.contains { $0.name == "anthropic-version" }
                ? .anthropic : .openAI
        case .hello: .openAI
        case nil: path.hasPrefix("/anthropic/") || path.hasPrefix("/v1/messages") ? .anthropic : .openAI
        }
    }
}
