import Identity
import Testing
import Validation

@Suite struct ProviderPausesTests {
    // 2026-10-21T07:27:00.001Z
    private static let now = 1_792_567_620_001

    private func advice(after seconds: Int = 0, _ answers: [(Int, String?)]) throws -> ProviderPauses.Advice {
        let acme = try #require(Slug("acme"))
        var pauses = ProviderPauses()
        for (status, retryAfter) in answers {
            pauses.note(status: status, retryAfter: retryAfter, from: acme, at: Self.now)
        }
        return pauses.advice(on: acme, at: Self.now + seconds * 1000)
    }

    @Test(
        arguments: [
            (429, "30", .wait(milliseconds: 30_000)), (503, "30", .wait(milliseconds: 30_000)),
            (429, "60", .wait(milliseconds: 60_000)), (429, "61", .later(seconds: 61)),
            (429, "86400", .later(seconds: 600)), (429, "99999999999999999999", .ask),
            (503, "Wed, 21 Oct 2026 07:28:00 GMT", .wait(milliseconds: 60_000)),
            (503, "Wed, 21 Oct 2026 07:27:00 GMT", .ask), (503, "Wed, 21 Oct 2036 07:27:00 GMT", .later(seconds: 600)),
            (429, nil, .ask), (429, "soon", .ask), (429, "-1", .ask), (429, "0", .ask), (500, "30", .ask),
            (200, "30", .ask), (401, "30", .ask),
        ] as [(Int, String?, ProviderPauses.Advice)]
    )
    func `a provider is left alone for as long as it asks, ten minutes at most`(
        _ status: Int,
        _ retryAfter: String?,
        _ advice: ProviderPauses.Advice
    ) throws {
        #expect(try self.advice([(status, retryAfter)]) == advice)
    }

    @Test func `a pause passes`() throws {
        #expect(try self.advice(after: 100, [(429, "130")]) == .wait(milliseconds: 30_000))
        #expect(try self.advice(after: 130, [(429, "130")]) == .ask)
    }

    @Test func `a clock that is set back makes no longer pause`() throws {
        #expect(try self.advice(after: -86_400, [(429, "30")]) == .later(seconds: 600))
    }

    @Test func `of two pauses the longer one holds`() throws {
        #expect(try self.advice([(429, "30"), (503, "5")]) == .wait(milliseconds: 30_000))
        #expect(try self.advice([(429, "5"), (503, "30"), (200, nil)]) == .wait(milliseconds: 30_000))
    }

    @Test func `a pause is one provider's`() throws {
        let (acme, other) = (try #require(Slug("acme")), try #require(Slug("other")))
        var pauses = ProviderPauses()
        pauses.note(status: 429, retryAfter: "30", from: acme, at: Self.now)
        #expect(pauses.advice(on: other, at: Self.now) == .ask)
    }
}
