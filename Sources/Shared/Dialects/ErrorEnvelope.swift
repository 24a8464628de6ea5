package import Identity
package import Wire

/// The two shapes in which callers expect errors.
package enum ErrorEnvelope: Hashable, Sendable {
    /// `{"error":{"message","type","code","param","details"}}`.
    case openAI
    /// `{"type":"error","error":{"type","message","details"},"request_id"}`.
    case anthropic

    package init(_ dialect: Dialect) {
        switch dialect {
        case .openAIChat, .openAIResponses: self = .openAI
        case .anthropicMessages: self = .anthropic
        }
    }

    /// Whether a body that should be an answer, or a part of one, tells of an error.
    func matches(_ body: JSONValue) -> Bool {
        if let error = body["error"], error != .null { return true }
        switch self {
        // vLLM has said it so.
        case .openAI: return body["object"] == "error"
        case .anthropic: return body["type"] == "error"
        }
    }

    /// The body of an error answer.
    package func body(of error: CallerError, requestID: String) -> JSONValue {
        switch self {
        case .openAI:
            return [
                "error": [
                    "message": .string(error.message), "type": .string(error.code), "code": .string(error.code),
                    "param": error.parameter.map { .string($0) } ?? .null,
                    "details": error.details(requestID: requestID),
                ]
            ]
        case .anthropic:
            var details = error.details(requestID: requestID)
            if let parameter = error.parameter, var object = details.objectValue {
                object["param"] = .string(parameter)
                details = .object(object)
            }
            return [
                "type": "error",
                "error": [
                    "type": .string(error.code), "message": .string(error.message), "details": details,
                ],
                "request_id": .string(requestID),
            ]
        }
    }
}
