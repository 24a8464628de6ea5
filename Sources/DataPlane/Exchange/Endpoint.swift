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
    /// Says that something listens, to probes without a token.
    case hello

    package var methods: [String] {
        switch self {
        case .generate, .countTokens: ["POST"]
        case .models, .model: ["GET", "HEAD"]
        case .hello: ["GET", "HEAD"]
        }
    }

    package var needsToken: Bool { self != .hello }

    /// The dialect of the request's body; nil where there is none.
    package var dialect: Dialect? {
        switch self {
        case .generate(let dialect): dialect
        case .countTokens: .anthropicMessages
        case .models, .model, .hello: nil
        }
    }

    /// A bounded name for metrics and logs.
    package var name: String {
        switch self {
        case .generate(let dialect): dialect.rawValue
        case .countTokens: "count-tokens"
        case .models, .model: "models"
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
        case "/", "/api/hello": self = .hello
        default:
            for prefix in ["/v1/models/", "/models/", "/anthropic/v1/models/"] where path.hasPrefix(prefix) {
                let name = path.dropFirst(prefix.count)
                guard !name.isEmpty, !name.contains("/") else { return nil }
                self = .model(String(name))
                return
            }
            return nil
        }
    }

    /// The shape of errors on a path, known or not.
    ///
    /// The list of models has the same path for all clients: those of Anthropic say which version they speak.
    package static func envelope(
        path: some StringProtocol,
        dialectHeaders: [(name: String, value: String)] = []
    ) -> ErrorEnvelope {
        switch path {
        case "/v1/messages", "/messages", "/messages/count_tokens": return .anthropic
        default:
            if path.hasPrefix("/anthropic/") || path.hasPrefix("/v1/messages/") { return .anthropic }
            switch Endpoint(path: path) {
            case .models, .model:
                return dialectHeaders.contains { $0.name == "anthropic-version" } ? .anthropic : .openAI
            case .generate, .countTokens, .hello, nil: return .openAI
            }
        }
    }
}
