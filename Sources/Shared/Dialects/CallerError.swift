package import Wire

/// A "no" to a caller in no dialect yet: what it is called, what it says and whether trying again can help.
package struct CallerError: Hashable, Sendable {
    package var status: Int
    /// The contract with users, such as `model-not-allowed`.
    package var code: String
    /// A fixed text, or one that names the caller's own field; nothing from a provider but what was redacted.
    package var message: String
    /// The member of the request that is wrong, as a path.
    package var parameter: String?
    /// More for machines; the request id is added when it is rendered.
    package var details: JSONObject
    /// Seconds after which a retry can help.
    package var retryAfter: Int?
    /// False tells clients not to try again; nil leaves it to the status.
    package var shouldRetry: Bool?
    /// The methods that the path serves, when the request's is none of them.
    package var allowedMethods: [String] = []

    package init(
        status: Int,
        code: String,
        message: String,
        parameter: String? = nil,
        details: JSONObject = JSONObject(),
        retryAfter: Int? = nil,
        shouldRetry: Bool? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.parameter = parameter
        self.details = details
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
    }

    /// The details with the request id in front.
    func details(requestID: String) -> JSONValue {
        var object = JSONObject([("request_id", .string(requestID))])
        for (name, value) in self.details.members { object[name] = value }
        return .object(object)
    }
}
