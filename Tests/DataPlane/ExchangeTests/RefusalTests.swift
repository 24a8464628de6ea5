import Contract
import Dialects
import Exchange
import GatewayTestSupport
import Identity
import Routing
import Testing
import Wire

/// Statuses and codes, which users rely on.
@Suite struct RefusalTests {
    static let refusals: [(CallerError, Int, String)] = [
        (Refusal.invalidFraming("x"), 400, "invalid-request"), (Refusal.invalidBody("x"), 400, "invalid-request"),
        (Refusal.missingModel, 400, "missing-model"), (Refusal.contradictoryCredentials, 400, "invalid-request"),
        (Refusal.requestTooLarge, 413, "request-too-large"), (Refusal.headersTooLarge, 431, "invalid-request"),
        (Refusal.unsupportedEncoding, 415, "unsupported-media-type"),
        (Refusal.unsupportedMediaType, 415, "unsupported-media-type"),
        (Refusal.expectationFailed, 417, "invalid-request"), (Refusal.upgradeRequired, 426, "invalid-request"),
        (Refusal.notFound, 404, "not-found"), (Refusal.methodNotAllowed(["GET"]), 405, "method-not-allowed"),
        (Refusal.requestTimeout, 408, "request-timeout"), (Refusal.unauthorized, 401, "unauthorized"),
        (Refusal.keyRevoked, 403, "key-revoked"), (Refusal.keyExpired, 403, "key-expired"),
        (Refusal.keyNotYetValid, 403, "key-not-yet-valid"), (Refusal.endpointNotAllowed, 403, "endpoint-not-allowed"),
        (Refusal.modelNotAllowed, 403, "model-not-allowed"), (Refusal.notReady, 503, "not-ready"),
        (Refusal.stale, 503, "not-ready"), (Refusal.overloaded, 503, "not-ready"),
        (Refusal.capacityThrottled(nanoseconds: 1), 503, "upstream-capacity-throttled"),
        (AttemptFailure.timeout(.connect).callerError, 504, "upstream-timeout"),
        (AttemptFailure.timeout(.firstByte).callerError, 504, "upstream-timeout"),
        (AttemptFailure.timeout(.idle).callerError, 504, "upstream-timeout"),
        (AttemptFailure.timeout(.total).callerError, 504, "upstream-timeout"),
        (AttemptFailure.network.callerError, 502, "upstream-failed"),
        (AttemptFailure.cutShort.callerError, 502, "upstream-failed"),
        (AttemptFailure.garbage.callerError, 502, "upstream-failed"),
        (AttemptFailure.tooLarge.callerError, 502, "upstream-failed"),
        (AttemptFailure.reportedInBand.callerError, 502, "upstream-failed"),
        (AttemptFailure.unsendable.callerError, 502, "upstream-failed"),
        (AttemptFailure.shutdown.callerError, 503, "not-ready"),
        (AttemptFailure.status(401, retryAfter: nil).callerError, 503, "upstream-access-denied"),
        (AttemptFailure.status(403, retryAfter: nil).callerError, 503, "upstream-access-denied"),
        (AttemptFailure.status(404, retryAfter: nil).callerError, 503, "upstream-access-denied"),
        (AttemptFailure.status(402, retryAfter: nil).callerError, 503, "upstream-quota-exhausted"),
        (AttemptFailure.status(429, retryAfter: 7).callerError, 503, "upstream-rate-limited"),
        (AttemptFailure.status(408, retryAfter: nil).callerError, 504, "upstream-timeout"),
        (AttemptFailure.status(504, retryAfter: nil).callerError, 504, "upstream-timeout"),
        (AttemptFailure.status(500, retryAfter: nil).callerError, 502, "upstream-failed"),
        (AttemptFailure.status(503, retryAfter: 9).callerError, 502, "upstream-failed"),
        (AttemptFailure.status(529, retryAfter: nil).callerError, 502, "upstream-failed"),
        (AttemptFailure.status(418, retryAfter: nil).callerError, 502, "upstream-failed"),
        (AttemptFailure.status(999, retryAfter: nil).callerError, 502, "upstream-failed"),
    ]

    @Test func `every refusal has its status and its code`() {
        for (error, status, code) in RefusalTests.refusals {
            #expect(error.status == status && error.code == code, "\(error)")
        }
    }

    @Test func `every refusal says something that ends with a full stop`() {
        for (error, _, _) in RefusalTests.refusals {
            #expect(error.message.hasSuffix("."), "\(error.message)")
            #expect(!error.message.contains("Optional("))
        }
    }

    @Test func `what the caller alone can mend is not to be tried again`() {
        for (error, status, _) in RefusalTests.refusals where (400...499).contains(status) && status != 408 {
            #expect(error.shouldRetry == false && error.retryAfter == nil, "\(error)")
        }
        for error in [Refusal.notReady, Refusal.stale, Refusal.overloaded, AttemptFailure.shutdown.callerError] {
            #expect(error.shouldRetry == nil && (error.retryAfter ?? 0) > 0, "\(error)")
        }
        for status in [401, 402, 403, 404] {
            #expect(AttemptFailure.status(status, retryAfter: nil).callerError.shouldRetry == false)
        }
        #expect(AttemptFailure.status(429, retryAfter: 7).callerError.retryAfter == 7)
        #expect(AttemptFailure.status(503, retryAfter: 9).callerError.retryAfter == 9)
    }

    @Test func `an unknown group and a disallowed one are refused alike`() {
        // There is but one refusal, and it names no group.
        #expect(Refusal.modelNotAllowed.details.isEmpty)
        #expect(Refusal.modelNotAllowed.parameter == "model")
    }

    @Test func `without an eligible target each one's reason is told, and no name`() throws {
        var body = try SnapshotBody.example()
        body.groups[0].targets[1].enabled = false
        body.providers[0].dialects = [:]
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        let group = try #require(table.group("default"))
        var needs = RequestNeeds()
        needs.inlineImages = 1
        needs.tools = true
        let plan = RoutePlanner.plan(group, dialect: .anthropicMessages, needs: needs, .init(random: 1))
        let error = Refusal.noEligibleTarget(group, dialect: .anthropicMessages, needs, plan.refused)
        #expect(error.status == 502 && error.code == "no-eligible-target" && error.shouldRetry == false)
        #expect(
            error.details["targets"] == [
                ["target": 0, "reason": "dialect"], ["target": 1, "reason": "disabled"],
            ]
        )
        #expect(error.details["requirements"] == ["text", "image", "tools"])
        let text = JSONWriter.text(ErrorEnvelope.anthropic.body(of: error, requestID: "r"))
        for name in ["acme", "local", "large", "seven"] { #expect(!text.contains(name)) }
    }

    @Test func `a reason is told with what it is about`() throws {
        let group = try #require(
            try RoutingTable(SnapshotBody.example(), secrets: SecretsBundle.example()).group("default")
        )
        let reasons: [Ineligibility] = [
            .modality("image"), .unvalidated(.imageURL), .failed(.imageInline, at: 0), .expired(.tools, at: 1000),
            .contextExceeded(need: 5, have: 4), .coolingDown(milliseconds: 1500), .translation("n"),
        ]
        let refused = reasons.enumerated().map { RoutePlan.Refused(position: $0.offset, reason: $0.element) }
        let error = Refusal.noEligibleTarget(group, dialect: .openAIChat, RequestNeeds(), refused.reversed())
        #expect(
            error.details["targets"] == [
                ["target": 0, "reason": "modality", "modality": "image"],
                ["target": 1, "reason": "unvalidated", "case": "image_url"],
                ["target": 2, "reason": "failed", "case": "image_inline", "at": "1970-01-01T00:00:00.000Z"],
                ["target": 3, "reason": "expired", "case": "tools", "at": "1970-01-01T00:00:01.000Z"],
                ["target": 4, "reason": "context-exceeded", "need": 5, "have": 4],
                ["target": 5, "reason": "cooling-down", "retry_after_ms": 1500],
                ["target": 6, "reason": "translation", "field": "n"],
            ]
        )
        #expect(error.details["hint"]?.stringValue?.contains("validate") == true)
    }

    @Test func `a request that is too long for all targets is the caller's to shorten`() throws {
        let group = try #require(
            try RoutingTable(SnapshotBody.example(), secrets: SecretsBundle.example()).group("default")
        )
        var needs = RequestNeeds()
        needs.inputTokens = 1200
        func error(_ dialect: Dialect, _ reasons: [Ineligibility]) -> CallerError {
            let refused = reasons.enumerated().map { RoutePlan.Refused(position: $0.offset, reason: $0.element) }
            return Refusal.noEligibleTarget(group, dialect: dialect, needs, refused)
        }
        let long: [Ineligibility] = [
            .contextExceeded(need: 1200, have: 500), .disabled, .contextExceeded(need: 1210, have: 1000), .weightless,
        ]
        for dialect in Dialect.allCases {
            let told = error(dialect, long)
            #expect(told.status == 400 && told.code == "context_length_exceeded" && told.shouldRetry == false)
            #expect(told.details["targets"]?.arrayValue?.count == 4)
            #expect(error(dialect, long + [.unvalidated(.imageURL)]).code == "no-eligible-target")
            #expect(error(dialect, [.disabled]).status == 502)
        }
        #expect(error(.anthropicMessages, long).message == "prompt is too long: 1210 tokens > 1000 maximum")
        #expect(
            error(.anthropicMessages, [.contextExceeded(need: 3200, have: 2000)]).message
                .hasPrefix("input length and `max_tokens` exceed context limit: 1200 + 2000 > 2000")
        )
        #expect(error(.openAIChat, long).message.contains("maximum context length is 1000 tokens"))
    }

    @Test func `a pause that all ask for is passed on, rounded up`() {
        let error = Refusal.capacityThrottled(nanoseconds: 2_500_000_000)
        #expect(error.retryAfter == 3 && error.shouldRetry == nil)
        #expect(error.details["retry_after_ms"] == 2500)
    }

    @Test func `failures have few names in logs and metrics`() {
        let names = [
            AttemptFailure.timeout(.firstByte), .network, .cutShort, .garbage, .tooLarge, .status(429, retryAfter: 1),
            .status(503, retryAfter: nil), .reportedInBand,
            .badRequest(status: 400, message: "anything", code: "x", parameter: "y"), .unsendable, .shutdown,
        ].map(\.code)
        #expect(
            names == [
                "timeout-first-byte", "network", "cut-short", "garbage", "too-large", "status-4xx", "status-5xx",
                "reported", "bad-request", "unsendable", "shutdown",
            ]
        )
    }
}
