import Identity
import NIOHTTP1

/// What a request addresses.
enum Endpoint: Hashable, Sendable {
    case answer(Dialect)
    case countTokens
    case models
    case health
    case ledger
    case counters
    case clearLedger
    case blind
    case openEyes
    /// Nothing that exists, or not with this method.
    case unknown(status: Int)

    init(method: HTTPMethod, path: Substring) {
        let methods: [(HTTPMethod, Endpoint)] =
            switch path {
            case "/v1/chat/completions": [(.POST, .answer(.openAIChat))]
            case "/v1/responses": [(.POST, .answer(.openAIResponses))]
            case "/v1/messages": [(.POST, .answer(.anthropicMessages))]
            case "/v1/messages/count_tokens": [(.POST, .countTokens)]
            case "/v1/models": [(.GET, .models)]
            case "/healthz": [(.GET, .health)]
            case "/ledger": [(.GET, .ledger), (.DELETE, .clearLedger)]
            case "/eyes": [(.DELETE, .blind), (.PUT, .openEyes)]
            case "/ledger/counters": [(.GET, .counters)]
            default: []
            }
        self = methods.first { $0.0 == method }?.1 ?? .unknown(status: methods.isEmpty ? 404 : 405)
    }

    /// The dialect of errors; nil where OpenAI's serves.
    var dialect: Dialect? {
        switch self {
        case .answer(let dialect): dialect
        case .countTokens: .anthropicMessages
        default: nil
        }
    }

    /// Whether a key must be shown.
    var needsKey: Bool {
        switch self {
        case .answer, .countTokens, .models: true
        case .health, .ledger, .counters, .clearLedger, .blind, .openEyes, .unknown: false
        }
    }
}
