import Dialects
import Testing
import Wire

@testable import Exchange

@Suite struct TerminalFailureTests {
    private func error(_ failures: AttemptFailure...) -> CallerError {
        TerminalFailure.error(
            failures.enumerated().map { TerminalFailure.Attempt(position: $0.offset, failure: $0.element) },
            model: "default",
            dialect: "openai-chat"
        )
    }

    @Test(
        arguments: [
            ([.status(402, retryAfter: nil), .status(402, retryAfter: nil)], 503, "upstream-quota-exhausted"),
            ([.status(429, retryAfter: 7), .status(429, retryAfter: 3)], 503, "upstream-rate-limited"),
            ([.status(401, retryAfter: nil), .status(403, retryAfter: nil)], 503, "upstream-access-denied"),
            ([.status(500, retryAfter: nil), .timeout(.firstByte)], 504, "upstream-timeout"),
            ([.timeout(.connect), .status(503, retryAfter: nil)], 502, "upstream-failed"),
            ([.status(429, retryAfter: 7), .status(402, retryAfter: nil)], 502, "upstream-failed"),
            ([.status(429, retryAfter: 7), .network], 502, "upstream-failed"),
            ([.network, .garbage, .cutShort], 502, "upstream-failed"),
            ([.network, .badRequest(status: 400, message: "m", code: nil, parameter: nil)], 400, "invalid-request"),
            ([.badRequest(status: 413, message: nil, code: nil, parameter: nil)], 413, "request-too-large"),
            ([.network, .shutdown], 503, "not-ready"),
        ] as [([AttemptFailure], Int, String)]
    )
    func `the whole of the attempts decides what the caller is told`(
        failures: [AttemptFailure],
        status: Int,
        code: String
    ) {
        let attempts = failures.enumerated().map { TerminalFailure.Attempt(position: $0.offset, failure: $0.element) }
        let error = TerminalFailure.error(attempts, model: "default", dialect: "openai-chat")
        #expect(error.status == status)
        #expect(error.code == code)
    }

    @Test func `the shortest of the waits is passed on`() {
        let slow = AttemptFailure.status(429, retryAfter: 30)
        let quick = AttemptFailure.status(429, retryAfter: 2)
        #expect(self.error(quick, slow).retryAfter == 2)
        #expect(self.error(slow, .status(429, retryAfter: nil)).retryAfter == 30)
    }

    @Test func `attempts are told by place and class, without a provider's name`() {
        let details = self.error(.network, .status(503, retryAfter: nil)).details
        #expect(details["attempts"] == 2)
        #expect(
            details["targets"] == [
                ["target": 0, "error_class": "network"], ["target": 1, "error_class": "status-5xx"],
            ]
        )
        #expect(details["retryable"] == true)
    }
}
