import Identity
import Wire

/// A failure as the provider tells it: a status and the dialect's error body.
struct ProviderFailure: Hashable, Sendable {
    var status: Int
    var message: String
    /// The member at fault; of the OpenAI dialects only.
    var field: String?
    /// Overrides the code that belongs to the status.
    var code: String?

    init(status: Int, message: String, field: String? = nil, code: String? = nil) {
        self.status = status
        self.message = message
        self.field = field
        self.code = code
    }

    /// A refusal that was asked for, in the words of the vendors.
    init(status: Int, directives: Directives, dialect: Dialect) {
        let code = directives["error_code"]
        let message =
            switch (code, dialect) {
            case ("insufficient_quota", .anthropicMessages): "Your credit balance is too low to access the API."
            case ("insufficient_quota", _):
                "You exceeded your current quota, please check your plan and billing details."
            default: "The demo provider refuses on request."
            }
        self.init(status: status, message: message, code: code)
    }

    init(_ error: PromptError) {
        self.init(status: 400, message: error.problem, field: error.field)
    }

    /// The error body, in the envelope of `dialect`.
    func body(in dialect: Dialect, requestID: String) -> JSONValue {
        switch dialect {
        case .openAIChat, .openAIResponses: ["error": self.openAIError]
        case .anthropicMessages:
            ["type": "error", "error": self.anthropicError, "request_id": .string(requestID)]
        }
    }

    /// The object that describes the failure to OpenAI callers.
    var openAIError: JSONValue {
        let names = ProviderFailure.openAINames(self.status)
        let type = self.code == "insufficient_quota" ? "insufficient_quota" : names.type
        return [
            "message": .string(self.message), "type": .string(type),
            "param": self.field.map { .string($0) } ?? nil,
            "code": (self.code ?? names.code).map { .string($0) } ?? nil,
        ]
    }

    /// The object that describes the failure to Anthropic callers.
    var anthropicError: JSONValue {
        let message = self.field.map { "\($0): \(self.message)" } ?? self.message
        // A code of OpenAI's has no place in this envelope; a type of Anthropic's overrides the status's.
        let type = self.code.flatMap { $0.hasSuffix("_error") ? $0 : nil } ?? ProviderFailure.anthropicName(self.status)
        return ["type": .string(type), "message": .string(message)]
    }

    private static func openAINames(_ status: Int) -> (type: String, code: String?) {
        switch status {
        case 401: ("invalid_request_error", "invalid_api_key")
        case 403: ("permission_error", "model_not_allowed")
        case 404: ("invalid_request_error", "model_not_found")
        case 429: ("rate_limit_error", "rate_limit_exceeded")
        case 503: ("server_error", "server_is_overloaded")
        case 500...599: ("server_error", nil)
        default: ("invalid_request_error", nil)
        }
    }

    private static func anthropicName(_ status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 504: "timeout_error"
        case 529: "overloaded_error"
        case 500...599: "api_error"
        default: "invalid_request_error"
        }
    }
}
