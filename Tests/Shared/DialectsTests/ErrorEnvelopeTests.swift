import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Errors in the shapes that callers expect.
@Suite struct ErrorEnvelopeTests {
    private static let folder = FixtureFolder()
    private static let plain = CallerError(
        status: 401,
        code: "unauthorized",
        message: "The router token is missing or unknown."
    )
    private static let detailed = CallerError(
        status: 400,
        code: "invalid-request",
        message: "\"quoted\" \\ and\na second line — é",
        parameter: "messages[0].content",
        details: JSONObject([("source", "upstream"), ("targets", [["target": 0, "reason": "dialect"]])]),
        retryAfter: 5,
        shouldRetry: false
    )

    @Test(arguments: [ErrorEnvelope.openAI, .anthropic])
    func `each envelope has its shape`(_ envelope: ErrorEnvelope) throws {
        for (name, error) in [("plain", ErrorEnvelopeTests.plain), ("detailed", ErrorEnvelopeTests.detailed)] {
            try GoldenFile("goldens/errors/\(envelope)-\(name).json", in: ErrorEnvelopeTests.folder).check(
                envelope.body(of: error, requestID: "01890a5d-ac96-774b-bcce-b302099a8057")
            )
        }
    }

    @Test func `an OpenAI error has the four members that its schema requires`() throws {
        let body = ErrorEnvelope.openAI.body(of: ErrorEnvelopeTests.plain, requestID: "r")
        let error = try #require(body["error"]?.objectValue)
        #expect(Set(error.memberNames).isSuperset(of: ["message", "type", "param", "code"]))
        #expect(error["param"] == .null)
        #expect(error["type"] == error["code"])
    }

    @Test(arguments: Dialect.allCases)
    func `the request id is in every error`(_ dialect: Dialect) {
        let body = ErrorEnvelope(dialect).body(of: ErrorEnvelopeTests.detailed, requestID: "r-9")
        #expect(body["error"]?["details"]?["request_id"] == "r-9")
        #expect((body["request_id"] == "r-9") == (dialect == .anthropicMessages))
    }
}
