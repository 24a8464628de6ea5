package import Wire

/// What a provider says of a failure, in an error's body or inside an answer.
struct UpstreamWords: Sendable {
    var text: String?
    /// Its code, or its type where it has none.
    var code: String?
    var type: String?
    var parameter: String?
    /// A code that is a number: a status, at those who write it so.
    var number: Int?

    init(_ body: JSONValue?) {
        let root = body.map { $0.arrayValue?.first ?? $0 }
        // A stream of Responses that fails tells it inside its response.
        let error = root?["response"]?["error"] ?? root?["error"]
        self.text =
            error?["message"]?.stringValue ?? error?.stringValue ?? root?["message"]?.stringValue
            ?? root?["detail"]?.stringValue
        self.type = error?["type"]?.stringValue
        self.code = error?["code"]?.stringValue ?? self.type ?? root?["code"]?.stringValue
        self.parameter = error?["param"]?.stringValue ?? root?["param"]?.stringValue
        self.number = error?["code"]?.intValue ?? root?["code"]?.intValue
    }

    /// The status that access, rate, quota or load would have been told with, by a code or a type alone; nil for all
    /// else.
    var statedStatus: Int? {
        if let number = self.number { return [401, 402, 403, 404, 429, 503, 529].contains(number) ? number : nil }
        return [self.code, self.type].lazy.compactMap { $0.flatMap { UpstreamWords.statuses[$0] } }.first
    }

    private static let statuses = [
        "authentication_error": 401, "billing_error": 402, "insufficient_quota": 402, "invalid_api_key": 401,
        "model_not_found": 404, "not_found_error": 404, "overloaded_error": 529, "permission_error": 403,
        "rate_limit_error": 429, "rate_limit_exceeded": 429, "server_is_overloaded": 503, "slow_down": 503,
    ]

    /// Whether the caller's request is at fault, told by a code or a type alone: it comes without a status.
    var blamesRequest: Bool {
        if let number = self.number { return [400, 413, 422].contains(number) }
        return [self.code, self.type].contains { $0.map { UpstreamWords.requestCodes.contains($0) } ?? false }
    }

    private static let requestCodes: Set<String> = [
        "BadRequestError", "context_length_exceeded", "empty_image_file", "failed_to_download_image",
        "image_content_policy_violation", "image_file_not_found", "image_file_too_large", "image_parse_error",
        "image_too_large", "image_too_small", "invalid_base64_image", "invalid_image", "invalid_image_format",
        "invalid_image_mode", "invalid_image_url", "invalid_prompt", "invalid_request_error",
        "unsupported_image_media_type",
    ]

    /// Whether it is the model that was not found.
    var isAboutModel: Bool {
        self.code == "model_not_found" || self.text?.lowercased().hasPrefix("the model") ?? false
    }

    /// Whether something that the provider keeps for callers was not found, by the words of OpenAI's and Anthropic's
    /// own errors: the caller named it.
    var isAboutWhatIsKept: Bool {
        let said = self.text?.lowercased() ?? ""
        return [
            "prompt with id", "file with id", "no file found", "no such file", "file not found", "vector store",
            "container with id", "container not found", "item with id",
        ].contains { said.contains($0) }
    }

    /// Whether what the request says is the problem, not who asks.
    var isAboutContent: Bool {
        let said = self.text?.lowercased() ?? ""
        let code = "\(self.code ?? "") \(self.type ?? "")"
        return said.contains("was flagged") || said.contains("content policy") || code.contains("content_policy")
            || code.contains("content_filter") || code.contains("moderation")
    }

    /// Whether speed is the problem, in so many words: what else the text mentions does not count then.
    ///
    /// Anthropic's `rate_limit_error` is said of every 429.
    var limitsRate: Bool { self.code == "rate_limit_exceeded" }

    /// Whether this request alone is more than a limit of the account lets through in its whole span: it fits in no other
    /// minute either, and smaller ones do now.
    ///
    /// OpenAI: "Request too large for gpt-4.1 in organization org-… on tokens per min (TPM): Limit 30000, Requested 60000.
    /// The input or output tokens must be reduced in order to run successfully." with 429; Groq begins alike, with 413.
    var outgrowsLimit: Bool { self.limitsRate && self.text?.lowercased().hasPrefix("request too large") ?? false }

    /// When a provider that limits the rate would be asked again, as it wrote it: `11.05s`.
    var wait: String? {
        guard self.limitsRate, let bytes = self.text.map({ Array($0.utf8) }) else { return nil }
        let mark = Array("try again in ".utf8)
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return nil }
        let digits = bytes[(start + mark.count)...].prefix { $0 == 0x2e || (0x30...0x39).contains($0) }
        let unit = bytes[digits.endIndex...].prefix { (0x61...0x7a).contains($0) }
        guard (1...10).contains(digits.count), ["s", "ms"].contains(String(decoding: unit, as: UTF8.self)) else {
            return nil
        }
        return String(decoding: digits + unit, as: UTF8.self)
    }
}

extension AttemptFailure {
    /// A failure that stands inside what began as a success: what it would be with a status, where the provider says
    /// enough for one.
    package init(reportedIn body: JSONValue?, as retelling: Retelling) {
        let words = UpstreamWords(body)
        guard let status = words.statedStatus ?? (words.blamesRequest ? 400 : nil) else {
            self = .reportedInBand
            return
        }
        self = UpstreamRefusal.classify(status: status, retryAfter: nil, words, as: retelling)
    }
}
