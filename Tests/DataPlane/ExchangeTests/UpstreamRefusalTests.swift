import Dialects
import Exchange
import Identity
import Routing
import Testing
import Wire

/// What a provider's error becomes, and what of its words a caller sees.
@Suite struct UpstreamRefusalTests {
    private static let secret = Secret("canary-credential-93")

    private func classify(
        _ status: Int,
        _ body: String,
        retryAfter: Int? = nil,
        translatedFor caller: Dialect? = nil,
        namesKept: Bool = false
    ) -> AttemptFailure {
        UpstreamRefusal.classify(
            status: status,
            retryAfter: retryAfter,
            body: Array(body.utf8),
            as: Retelling(secrets: [UpstreamRefusalTests.secret], translatedFor: caller, namesKept: namesKept)
        )
    }

    @Test func `what the caller did wrong keeps the provider's words`() {
        #expect(
            self.classify(
                400,
                #"{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#
            )
                == .badRequest(
                    status: 400,
                    message: "This model's maximum context length is 8192 tokens.",
                    code: "context_length_exceeded",
                    parameter: "messages"
                )
        )
        #expect(
            self.classify(
                400,
                #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"},"request_id":"req_1"}"#
            )
                == .badRequest(
                    status: 400,
                    message: "prompt is too long: 210000 tokens > 200000 maximum",
                    code: "invalid_request_error",
                    parameter: nil
                )
        )
        #expect(
            self.classify(422, #"{"object":"error","message":"bad tool","type":"BadRequestError","code":422}"#)
                == .badRequest(status: 422, message: "bad tool", code: nil, parameter: nil)
        )
        #expect(
            self.classify(413, #"{"error":"too big"}"#)
                == .badRequest(status: 413, message: "too big", code: nil, parameter: nil)
        )
        #expect(
            self.classify(400, #"{"detail":"no such field"}"#)
                == .badRequest(status: 400, message: "no such field", code: nil, parameter: nil)
        )
        #expect(
            self.classify(400, #"[{"error":{"code":400,"message":"listed","status":"INVALID_ARGUMENT"}}]"#)
                == .badRequest(status: 400, message: "listed", code: nil, parameter: nil)
        )
    }

    @Test(arguments: [
        "", "<html>400</html>", "null", "[]", "{}", "[[]]", "{\"error\":null}", "{\"error\":[]}",
        "{\"error\":{\"message\":7}}",
        "{\"error\":{\"message\":\"x\"", "\u{0}",
    ])
    func `a body that says nothing is still a refusal`(_ body: String) {
        let failure = self.classify(400, body)
        #expect(failure == .badRequest(status: 400, message: nil, code: nil, parameter: nil))
        #expect(failure.callerError.status == 400)
        #expect(failure.callerError.message.hasSuffix("."))
    }

    @Test func `what goes to the caller says that it comes from upstream`() {
        let error = self.classify(400, #"{"error":{"message":"no","code":"bad_value","param":"n"}}"#).callerError
        #expect(error.status == 400 && error.code == "invalid-request" && error.parameter == "n")
        #expect(error.details["source"] == "upstream")
        #expect(error.details["upstream_code"] == "bad_value")
        #expect(error.shouldRetry == false)
        #expect(self.classify(413, "{}").callerError.code == "request-too-large")
    }

    @Test(arguments: [403, 429])
    func `money is told from speed and access`(_ status: Int) {
        for body in [
            #"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","code":"insufficient_quota"}}"#,
            #"{"error":{"message":"Insufficient Balance"}}"#, #"{"error":{"type":"insufficient_quota"}}"#,
            #"{"error":"Payment required"}"#, #"{"message":"Your credit balance is too low"}"#,
        ] {
            #expect(self.classify(status, body, retryAfter: 3) == .status(402, retryAfter: 3))
        }
        #expect(
            self.classify(status, #"{"error":{"message":"slow down"}}"#, retryAfter: 3)
                == .status(status, retryAfter: 3)
        )
        #expect(self.classify(status, "<html>", retryAfter: nil) == .status(status, retryAfter: nil))
    }

    @Test func `a request that alone is beyond a limit of the rate is too large, and limits nobody else`() {
        let openAI =
            #"{"error":{"message":"Request too large for gpt-4.1 in organization org-a on tokens per min (TPM): Limit "#
            + #"30000, Requested 60000. The input or output tokens must be reduced in order to run successfully. Visit "#
            + #"https://platform.openai.com/account/rate-limits to learn more.","type":"tokens","param":null,"#
            + #""code":"rate_limit_exceeded"}}"#
        let groq =
            #"{"error":{"message":"Request too large for model `llama` in organization `org_a` on tokens per minute "#
            + #"(TPM): Limit 6000, Requested 7000, please reduce your message size and try again.","type":"tokens","#
            + #""code":"rate_limit_exceeded"}}"#
        for failure in [
            self.classify(429, openAI, retryAfter: 60), self.classify(413, groq),
            AttemptFailure(reportedIn: try? JSONReader.read(Array(openAI.utf8)), as: Retelling()),
        ] {
            #expect(failure == .status(413, retryAfter: nil))
            #expect(failure.callerError.status == 413 && failure.callerError.code == "request-too-large")
            #expect(failure.callerError.shouldRetry == false)
        }
        let crowded =
            #"{"error":{"message":"Rate limit reached for gpt-4.1 in organization org-a on tokens per min (TPM): Limit "#
            + #"30000, Used 29000, Requested 6000. Please try again in 10s.","type":"tokens","code":"rate_limit_exceeded"}}"#
        #expect(self.classify(429, crowded, retryAfter: 10) == .status(429, retryAfter: 10))
        #expect(self.classify(429, #"{"error":{"message":"Request too large"}}"#) == .status(429, retryAfter: nil))
    }

    @Test func `a bad request that is about the router's own account is told as that`() {
        #expect(
            self.classify(
                400,
                #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}}"#
            ) == .status(402, retryAfter: nil)
        )
        #expect(
            self.classify(400, #"[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}]"#)
                == .status(401, retryAfter: nil)
        )
        // What a caller can have written into a 400 decides nothing.
        let quoted = self.classify(400, #"{"error":{"message":"unknown field 'your credit balance is too low'"}}"#)
        #expect(quoted.callerError.status == 400)
    }

    @Test func `a limit of the rate that is told as one is one, whatever its text links to`() {
        let body =
            #"{"error":{"message":"Rate limit reached. Visit https://platform.example/account/billing.","code":"rate_limit_exceeded"}}"#
        #expect(self.classify(429, body, retryAfter: 3) == .status(429, retryAfter: 3))
        let quota = #"{"type":"error","error":{"type":"rate_limit_error","message":"Your credit balance is too low."}}"#
        #expect(self.classify(429, quota, retryAfter: 3) == .status(402, retryAfter: 3))
    }

    @Test func `a limit by the minute is one of speed, whatever it calls its quota`() {
        let body =
            #"{"error":{"code":429,"message":"Quota exceeded for metric: x/generate_content_requests_per_minute, limit: 10. Please retry in 4s.","status":"RESOURCE_EXHAUSTED"}}"#
        #expect(self.classify(429, body, retryAfter: 4) == .status(429, retryAfter: 4))
        let day = #"{"error":{"message":"Quota exceeded for metric: x/generate_content_requests_per_day"}}"#
        #expect(self.classify(429, day) == .status(402, retryAfter: nil))
    }

    @Test func `a model that is not there is the router's business, whatever the status`() {
        let body =
            #"{"error":{"message":"The requested model 'up-1' does not exist.","param":"model","code":"model_not_found"}}"#
        for status in [400, 404, 422] { #expect(self.classify(status, body) == .status(404, retryAfter: nil)) }
    }

    @Test(arguments: [
        (404, #"{"error":{"message":"Prompt with id 'pmpt_bad' not found.","type":"invalid_request_error"}}"#),
        (404, #"{"error":{"message":"No file found with id 'file-1' in organization."}}"#),
        (404, #"{"error":{"message":"Vector store with id ['vs_1'] not found.","type":"invalid_request_error"}}"#),
        (403, #"{"error":{"message":"Moderation required. Your input was flagged.","code":403}}"#),
        (403, #"{"error":{"message":"no","code":"content_policy_violation"}}"#),
    ])
    func `what is wrong with a caller's own ids and words counts against no target`(_ status: Int, _ body: String) {
        let failure = self.classify(status, body)
        #expect(failure.callerError.status == 400 && failure.callerError.code == "invalid-request")
        #expect(failure.outcome(in: RequestRecord(requestID: "r", startedAt: 0), at: 1) == .neutral)
    }

    @Test(arguments: [
        "<html>404</html>", #"{"detail":"Not Found"}"#, #"{"error":{"message":"Invalid URL (POST /v1/x)"}}"#,
        #"{"type":"error","error":{"type":"not_found_error","message":"model: up-1"}}"#,
    ])
    func `what is not there by the router's own doing is access denied`(_ body: String) {
        #expect(self.classify(404, body).callerError.code == "upstream-access-denied")
    }

    @Test func `addresses and resources of a provider do not reach callers`() {
        let said = UpstreamRefusal.redact("host (10.1.2.3:8443), arn:aws:x:1, ask a@b.example about 1.2.3 or v1.5.", [])
        let cut = "[redacted]"
        #expect(said == "host \(cut) \(cut) ask \(cut) about 1.2.3 or v1.5.")
    }

    @Test func `names of a target do not reach callers`() {
        let said = UpstreamRefusal.redact(
            "upstream hp1 (llm.corp.local:8443, model Up-1) said: up-1x, hp12 and gpt-5.1. x-api-key: abcdef0123 AKIA0123",
            [],
            ["hp1", "llm.corp.local", "up-1", "gpt-5.1"]
        )
        let cut = "[redacted]"
        #expect(
            said == "upstream \(cut) (\(cut):8443, model \(cut)) said: up-1x, hp12 and \(cut). x-api-key: \(cut) \(cut)"
        )
    }

    @Test(arguments: Dialect.allCases)
    func `a member of a translation is not named to who wrote another`(_ caller: Dialect) {
        let body = #"{"error":{"message":"no","code":"invalid_value","param":"messages[3].content"}}"#
        let failure = self.classify(400, body, translatedFor: caller)
        #expect(failure == .badRequest(status: 400, message: "no", code: "invalid_value", parameter: nil))
    }

    @Test func `what a provider does not keep is the caller's to know`() {
        let lost =
            #"{"error":{"message":"Response with id 'resp_x' not found.","type":"invalid_request_error","code":404}}"#
        #expect(
            self.classify(404, lost, namesKept: true)
                == .badRequest(
                    status: 400,
                    message: "Response with id 'resp_x' not found.",
                    code: "invalid_request_error",
                    parameter: nil
                )
        )
        for model in [
            #"{"error":{"message":"x","code":"model_not_found"}}"#,
            #"{"error":{"message":"The model `m` does not exist.","type":"NotFoundError","code":404}}"#,
        ] {
            #expect(self.classify(404, model, namesKept: true) == .status(404, retryAfter: nil))
        }
        #expect(self.classify(404, lost) == .status(404, retryAfter: nil))
    }

    @Test(arguments: [300, 401, 404, 405, 408, 409, 410, 451, 500, 502, 503, 529, 599])
    func `other statuses speak for themselves`(_ status: Int) {
        let body = #"{"error":{"message":"key canary-credential-93 at https://inner.example quota exceeded"}}"#
        #expect(self.classify(status, body, retryAfter: 4) == .status(status, retryAfter: 4))
        #expect(self.classify(402, body, retryAfter: 4) == .status(402, retryAfter: 4))
    }

    @Test(arguments: [
        "Incorrect API key provided: canary-credential-93.", "canary-credential-93", "x=canary-credential-93&y",
        "(canary-credential-93)", "canary-credential-93\u{301} combined",
        "CANARY? canary-credential-93canary-credential-93",
        "key:\nsk-canary-1 more", "\"sk-canary-1\"", "SK-CANARY-1", "Authorization: Bearer canaryword",
        "bearer  canaryword",
        "Bearer: canaryword", "\"Bearer\tcanaryword\"", "Bearer\ncanaryword rest", "go to https://canary.example/a?b=c",
        "HTTPS://CANARY.EXAMPLE", "wss://canary.example", "postgres://u:canary@h/d", "rtr_metrum_canary", "rta_canary",
        "key=sk-ant-canary", "gsk_canary", "xai-canary", "AIzaCanary",
    ])
    func `keys and addresses are cut out wherever they stand`(_ text: String) {
        let redacted = UpstreamRefusal.redact(text, [UpstreamRefusalTests.secret])
        #expect(!redacted.lowercased().contains("canary") || redacted.hasPrefix("CANARY? "))
        #expect(!redacted.contains("canary"))
        // Without the bracket, which a combining accent behind it would make another character.
        #expect(redacted.contains("[redacted"))
    }

    @Test(arguments: [
        "the task-list is risk-free", "max_tokens: 5 > 4", "tools[0].function.name must match ^[a-zA-Z0-9_-]+$", "",
        " ",
        "a\n\tb  c", "Grüße 🚀", "disk-space", "whisk-1",
    ])
    func `other words stay as they are`(_ text: String) {
        #expect(UpstreamRefusal.redact(text, [UpstreamRefusalTests.secret, Secret("")]) == text)
    }

    @Test func `texts are held to 2000 characters`() {
        #expect(UpstreamRefusal.redact(String(repeating: "a ", count: 50_000), []).count == 2000)
        #expect(UpstreamRefusal.redact(String(repeating: "é", count: 5000), []).count == 2000)
        #expect(UpstreamRefusal.redact(String(repeating: "s", count: 70_000), [Secret("s")]).count == 2000)
    }

    @Test(arguments: [
        "canary-credential-93", "sk-canary", "https://canary.example", "with space", "quote\"", "", "ü",
        String(repeating: "a", count: 129),
    ])
    func `a code or parameter that is no plain name is left out`(_ text: String) {
        let quoted = text.replacing("\"", with: "\\\"")
        let failure = self.classify(400, "{\"error\":{\"code\":\"\(quoted)\",\"param\":\"\(quoted)\"}}")
        #expect(failure == .badRequest(status: 400, message: nil, code: nil, parameter: nil))
    }
}
