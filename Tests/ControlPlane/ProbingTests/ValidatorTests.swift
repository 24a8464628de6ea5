import Catalog
import Contract
import CurlTransport
import Identity
import Synchronization
import Testing
import Validation

@testable import Probing

@Suite("The validator")
struct ValidatorTests {
    private func job(
        _ asked: CapabilityCase,
        at url: String,
        dialect: Dialect = .openAIChat,
        allowPrivateNetwork: Bool = true
    ) throws -> ProbeJob {
        let acme = try #require(Slug("acme"))
        return ProbeJob(
            provider: ProviderRecord(
                id: acme,
                baseURL: try #require(UpstreamURL(url)),
                dialects: [.openAIChat: nil],
                allowPrivateNetwork: allowPrivateNetwork
            ),
            model: ModelRecord(provider: acme, id: acme, upstreamModel: "acme-large"),
            dialect: dialect,
            case: asked,
            secret: Secret("sk-hidden")
        )
    }

    private func outcome(_ job: ProbeJob) async throws -> ValidationOutcome {
        let reactor = try CurlReactor(name: "test")
        defer { reactor.shutdown() }
        let limits = ValidatorLimits(pauses: [.zero])
        return try #require(await Validator(reactor: reactor, limits: limits, now: { 0 }).run(job))
    }

    @Test("what cannot be asked is not run, and says why")
    func obstacles() async throws {
        let nowhere = "http://127.0.0.1:1"
        let stories: [(ProbeJob, String)] = [
            (try self.job(.imageURL, at: nowhere), "CONTROL_PLANE_PICTURE_URL"),
            (try self.job(.text, at: nowhere, dialect: .anthropicMessages), "dialect"),
            (try self.job(.text, at: nowhere, allowPrivateNetwork: false), "allow_private_network"),
            (try self.job(.text, at: nowhere), "could not be reached"),
            (try self.job(.imageInline, at: nowhere), "could not be reached"),
        ]
        for (job, words) in stories {
            let found = try await self.outcome(job)
            #expect(found.verdict == .notRun && found.attempts == 0)
            let reason = try #require(found.reason)
            #expect(reason.contains(words) && !reason.contains("sk-hidden"))
        }
    }

    /// A clock that is moved by sleeping.
    private final class Sleeper: Sendable {
        let slept = Mutex([Duration]())

        func sleep(_ duration: Duration) { self.slept.withLock { $0.append(duration) } }

        /// Milliseconds since 1970.
        var now: Int {
            let slept = self.slept.withLock { $0.reduce(.zero, +) }
            return 1_800_000_000_000 + Int(slept / .milliseconds(1))
        }
    }

    private func validator(_ reactor: CurlReactor, _ sleeper: Sleeper) -> Validator {
        Validator(
            reactor: reactor,
            limits: ValidatorLimits(pauses: [.seconds(1)]),
            now: { sleeper.now },
            sleep: { sleeper.sleep($0) }
        )
    }

    @Test("a provider that asks for a pause is left alone for so long, whatever is asked next")
    func pauses() async throws {
        let reactor = try CurlReactor(name: "test")
        defer { reactor.shutdown() }
        let provider = try await FixedProvider(["429 Slow Down\r\nretry-after: 30", "500 Oh"])
        let sleeper = Sleeper()
        let validator = self.validator(reactor, sleeper)
        let first = try #require(await validator.run(try self.job(.text, at: provider.url)))
        #expect(first.verdict == .notRun && first.reason?.contains("500") == true)
        #expect(sleeper.slept.withLock { $0 } == [.seconds(1), .seconds(29)])
        #expect(provider.asked == 2)
        try await provider.stop()
    }

    @Test("a provider that asks for a long pause is not asked, and the probe keeps nobody waiting")
    func longPauses() async throws {
        let reactor = try CurlReactor(name: "test")
        defer { reactor.shutdown() }
        let provider = try await FixedProvider(["503 Busy\r\nretry-after: 86400"])
        let sleeper = Sleeper()
        let validator = self.validator(reactor, sleeper)
        for asked in [CapabilityCase.text, .stream, .tools] {
            let found = try #require(await validator.run(try self.job(asked, at: provider.url)))
            #expect(found.verdict == .notRun && found.reason?.contains("asked not to be asked") == true)
        }
        #expect(provider.asked == 1)
        sleeper.sleep(.seconds(600))
        _ = await validator.run(try self.job(.text, at: provider.url))
        #expect(provider.asked == 2)
        try await provider.stop()
    }

    @Test("a provider that is away or refuses spends nothing of its day, and an answer without usage does")
    func spend() async throws {
        let reactor = try CurlReactor(name: "test")
        defer { reactor.shutdown() }
        let limits = ValidatorLimits(tokensPerDay: 1000, pauses: [.zero])
        let validator = Validator(reactor: reactor, limits: limits, now: { 0 })
        for _ in 0..<3 {
            let found = try #require(await validator.run(try self.job(.text, at: "http://127.0.0.1:1")))
            #expect(found.reason?.contains("could not be reached") == true)
        }
        let provider = try await FixedProvider(["401 No", "429 Slow Down", "500 Oh", "200 OK"])
        let refused = try #require(await validator.run(try self.job(.text, at: provider.url)))
        #expect(refused.reason?.contains("429") == true)
        let answered = try #require(await validator.run(try self.job(.text, at: provider.url)))
        #expect(answered.attempts == 1 && answered.reason?.contains("are spent") == true)
        #expect(provider.asked == 4)
        try await provider.stop()
    }

    @Test("what was cut or waited for in vain counts where the provider may have worked on it")
    func costs() throws {
        let stories: [(FetchFailure, Int)] = [
            (FetchFailure(.connectTimeout, .notSent), 0), (FetchFailure(.firstByteTimeout, .notSent), 0),
            (FetchFailure(.tlsFailed, .notSent), 0), (FetchFailure(.sendFailed, .sent), 0),
            (FetchFailure(.receiveFailed, .sent), 0), (FetchFailure(.badResponse, .sent), 0),
            (FetchFailure(.firstByteTimeout, .sent), 1000), (FetchFailure(.totalTimeout, .sent), 1000),
            (FetchFailure(.cutShort, .answering(status: 200)), 1000),
            (FetchFailure(.receiveFailed, .answering(status: 200)), 1000),
            (FetchFailure(.bodyTooLarge, .answering(status: 200)), 1000),
            (FetchFailure(.cutShort, .answering(status: 503)), 0),
        ]
        for (failure, cost) in stories {
            #expect(try #require(ProbeAnswer(failure)).cost == cost, "\(failure)")
        }
        #expect(ProbeAnswer(FetchFailure(.cancelled, .sent)) == nil)
    }

    @Test("dozens of providers that do not answer leave places to the others")
    func places() {
        for concurrency in [1, 2, 32] {
            let limits = ValidatorLimits(concurrency: concurrency)
            #expect(limits.places - 48 * concurrency >= concurrency)
        }
    }

    @Test("a cancelled probe has found nothing")
    func cancelled() async throws {
        let reactor = try CurlReactor(name: "test")
        defer { reactor.shutdown() }
        let job = try self.job(.text, at: "http://127.0.0.1:1")
        let validator = Validator(reactor: reactor, limits: ValidatorLimits(pauses: [.seconds(3600)]), now: { 0 })
        let asking = Task { await validator.run(job) }
        asking.cancel()
        #expect(await asking.value == nil)
    }
}
