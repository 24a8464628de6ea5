import Dialects
import Routing
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
            ([.status(413, retryAfter: nil), .status(413, retryAfter: nil)], 413, "request-too-large"),
            ([.status(413, retryAfter: nil), .status(429, retryAfter: 3)], 503, "upstream-rate-limited"),
            ([.timeout(.firstByte), .status(413, retryAfter: nil)], 504, "upstream-timeout"),
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
        #expect(self.error(slow, .status(503, retryAfter: 4)).retryAfter == 4)
    }

    @Test func `where one may be asked at once nobody is told to wait`() {
        let slow = AttemptFailure.status(429, retryAfter: 30)
        for other in [AttemptFailure.network, .cutShort, .timeout(.total), .status(429, retryAfter: nil)] {
            #expect(self.error(slow, other).retryAfter == nil)
            #expect(self.error(other, slow).retryAfter == nil)
        }
        // What a 500 asks for the gateway does not wait for either.
        #expect(self.error(.cutShort, .status(500, retryAfter: 3600)).retryAfter == nil)
        #expect(self.error(.status(500, retryAfter: 3600)).retryAfter == nil)
    }

    @Test func `who cannot answer later either does not shorten the wait`() {
        let slow = AttemptFailure.status(503, retryAfter: 30)
        #expect(self.error(slow, .status(401, retryAfter: nil)).retryAfter == 30)
        #expect(self.error(.status(413, retryAfter: nil), slow).retryAfter == 30)
        #expect(self.error(.status(402, retryAfter: 30)).retryAfter == nil)
    }

    @Test func `nobody is told to wait for longer than the gateway does, nor for no time`() {
        #expect(self.error(.status(429, retryAfter: 86_400)).retryAfter == 900)
        #expect(self.error(.status(503, retryAfter: 86_400)).retryAfter == 900)
        #expect(self.error(.status(429, retryAfter: 0)).retryAfter == nil)
        #expect(self.error(.status(503, retryAfter: 0)).retryAfter == nil)
    }

    @Test(arguments: [(nil, 30), (0, nil), (5, 5), (60, 30)] as [(Int?, Int?)])
    func `targets that were not asked count as well`(_ elsewhere: Int?, _ wait: Int?) {
        let error = TerminalFailure.error(
            [TerminalFailure.Attempt(position: 0, failure: .status(429, retryAfter: 30))],
            model: "default",
            dialect: "openai-chat",
            elsewhere: elsewhere
        )
        #expect(error.retryAfter == wait)
    }

    @Test func `of those that are left alone the first to be asked again counts`() {
        let refused = [
            RoutePlan.Refused(position: 0, reason: .disabled),
            RoutePlan.Refused(position: 1, reason: .coolingDown(milliseconds: 9_500)),
            RoutePlan.Refused(position: 2, reason: .coolingDown(milliseconds: 4_200)),
        ]
        #expect(RoutePlan.Refused.pause(of: refused) == 5)
        #expect(RoutePlan.Refused.pause(of: Array(refused.prefix(1))) == nil)
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
