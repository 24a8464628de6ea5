import Canonical
package import Catalog
import Contract
package import CurlTransport
import Dialects
import Identity
import NIOCore
package import Pictures
import Synchronization
package import Validation
import Wire

/// Finds out what models can do by asking them; knows no database.
package final class Validator: Sendable {
    /// Where providers can fetch pictures.
    package struct PictureSite: Sendable {
        let shelf: PictureShelf
        /// What stands before ``PictureListener/path``, without a slash at its end.
        let url: String

        package init(shelf: PictureShelf, url: String) {
            self.shelf = shelf
            self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        }
    }

    private let reactor: CurlReactor
    private let painter: Painter
    private let site: PictureSite?
    private let limits: ValidatorLimits
    private let egress: Egress
    private let turns: ProviderTurns
    private let spend: Mutex<SpendLimit>
    private let pauses = Mutex(ProviderPauses())
    private let now: @Sendable () -> Int
    private let sleep: @Sendable (Duration) async throws -> Void

    private static let userAgent = "llm-gateway-validator"
    private static let anthropicVersion = "2023-06-01"

    /// `site` is nil where providers cannot reach this control plane; `now` tells milliseconds since 1970,
    /// and `sleep` throws when the task is cancelled.
    package init(
        reactor: CurlReactor,
        painter: Painter = Painter(),
        site: PictureSite? = nil,
        limits: ValidatorLimits = ValidatorLimits(),
        egress: Egress = Egress(),
        now: @escaping @Sendable () -> Int,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.reactor = reactor
        self.painter = painter
        self.site = site
        self.limits = limits
        self.egress = egress
        self.turns = ProviderTurns(limit: limits.concurrency)
        self.spend = Mutex(SpendLimit(tokensPerDay: limits.tokensPerDay))
        self.now = now
        self.sleep = sleep
    }

    /// What is found; nil when the task was cancelled first.
    package func run(_ job: ProbeJob) async -> ValidationOutcome? {
        if let reason = self.obstacle(to: job) { return Validator.notRun(reason) }
        if let spend = job.spend { self.spend.withLock { $0.note(spend, of: job.provider.id, at: self.now()) } }
        await self.turns.enter(job.provider.id)
        let outcome = await self.ask(job)
        await self.turns.leave(job.provider.id)
        return outcome
    }

    /// Why a job cannot be asked at all; nil when it can.
    private func obstacle(to job: ProbeJob) -> String? {
        if job.case == .imageURL, self.site == nil {
            return "providers cannot fetch pictures: CONTROL_PLANE_PICTURE_URL is not set"
        }
        guard job.provider.url(for: job.dialect) != nil else { return "the provider does not offer the dialect" }
        return BaseURLRules.problem(of: job.provider.baseURL, allowPrivateNetwork: job.provider.allowPrivateNetwork)
            .map { "the provider's base URL \($0)" }
    }

    private func ask(_ job: ProbeJob) async -> ValidationOutcome? {
        var tally = ProbeTally(job.case, asks: self.limits.asks)
        var pauses = self.limits.pauses[...]
        while !tally.isDone {
            guard !Task.isCancelled else { return nil }
            switch self.pauses.withLock({ $0.advice(on: job.provider.id, at: self.now()) }) {
            case .ask: break
            case .wait(let milliseconds):
                guard (try? await self.sleep(.milliseconds(milliseconds))) != nil else { return nil }
                continue
            case .later(let seconds):
                let reason = "the provider asked not to be asked for another \(seconds) s"
                tally.add(ProbeAnswer(.inconclusive(reason)), latency: 0)
                continue
            }
            guard self.spend.withLock({ $0.admits(job.provider.id, at: self.now()) }) else {
                tally.add(ProbeAnswer(.inconclusive("the provider's tokens for today are spent")), latency: 0)
                break
            }
            let request: ProbeRequest
            do {
                request = try self.request(for: job, ask: tally.attempts)
            } catch {
                return Validator.notRun(error.reason)
            }
            let start = ContinuousClock.now
            guard let answer = await self.answer(to: request, job) else { return nil }
            let latency = Int((ContinuousClock.now - start) / .milliseconds(1))
            self.spend.withLock { $0.charge(answer.cost, to: job.provider.id) }
            if case .inconclusive = answer.verdict, let pause = pauses.popFirst() {
                // Most of what says nothing is over in a moment.
                guard (try? await self.sleep(pause)) != nil else { return nil }
                continue
            }
            tally.add(answer, latency: latency)
        }
        return tally.outcome
    }

    /// Nil when the task was cancelled.
    private func answer(to request: ProbeRequest, _ job: ProbeJob) async -> ProbeAnswer? {
        guard let url = job.provider.url(for: job.dialect) else { return nil }
        let timeouts = job.provider.timeouts.falling(backTo: self.limits.timeouts)
        let total = min(timeouts.total ?? .max, self.limits.timeouts.total ?? .max)
        let transfer = TransferRequest(
            method: .post,
            url: url,
            headers: Validator.headers(for: request, job),
            bodyPieces: JSONWriter.pieces(of: request.encoded.body).pieces,
            timeouts: TransferTimeouts(
                connect: timeouts.connect.map { .milliseconds($0) },
                firstByte: timeouts.firstByte.map { .milliseconds($0) },
                idle: timeouts.idle.map { .milliseconds($0) },
                total: .milliseconds(total)
            ),
            publicOnly: !job.provider.allowPrivateNetwork
        )
        let response = await self.reactor.gather(
            self.egress.applied(to: transfer),
            maximumBodyBytes: Probe.maximumAnswerBytes
        )
        switch response {
        case .success(let response):
            self.pauses.withLock {
                $0.note(
                    status: response.status,
                    retryAfter: response.head.first("retry-after"),
                    from: job.provider.id,
                    at: self.now()
                )
            }
            return ProbeAnswer(status: response.status, body: Array(response.body.readableBytesView), to: request)
        case .failure(let failure): return ProbeAnswer(failure)
        }
    }

    private func request(for job: ProbeJob, ask: Int) throws(Problem) -> ProbeRequest {
        do {
            return try ProbeRequest(
                job.case,
                in: job.dialect,
                of: job.model,
                code: Validator.code(),
                picture: job.case.needsProof ? try self.picture(for: job.case) : nil,
                ask: ask
            )
        } catch let refusal as TranslationRefusal {
            throw Problem(reason: "the dialect has no words for it: \(refusal.field) \(refusal.message)")
        } catch {
            throw Problem(reason: "no picture can be drawn: is fonts-dejavu-core installed?")
        }
    }

    private struct Problem: Error {
        var reason: String
    }

    private func picture(for asked: CapabilityCase) throws(PictureError) -> ProbePicture {
        var generator = SystemRandomNumberGenerator()
        let picture = try self.painter.draw(using: &generator)
        if asked == .imageURL, let site = self.site {
            let url = "\(site.url)\(PictureListener.path)\(site.shelf.put(picture.png)).png"
            return ProbePicture(.url(url), tokens: picture.text.tokens)
        }
        let base64 = JSONText(Base64.encode(picture.png))
        return ProbePicture(.inline(mediaType: "image/png", base64: base64), tokens: picture.text.tokens)
    }

    /// Two letters and six digits, as nobody would say by chance.
    private static func code() -> String {
        let letters = "ACDEFGHJKLMNPRTUVWXY"
        let pair = (0..<2).compactMap { _ in letters.randomElement() }
        return String(pair) + String(Int.random(in: 200_000...999_999))
    }

    private static func headers(for request: ProbeRequest, _ job: ProbeJob) -> [TransferHeader] {
        var headers = [
            TransferHeader(name: "content-type", text: "application/json"),
            TransferHeader(name: "accept", text: request.isStreamed ? "text/event-stream" : "application/json"),
        ]
        if let (name, value) = job.provider.credentialHeader(job.secret) {
            headers.append(TransferHeader(name: name, value: value))
        }
        for (name, value) in job.provider.headers { headers.append(TransferHeader(name: name, text: value)) }
        if job.provider.headers["user-agent"] == nil {
            headers.append(TransferHeader(name: "user-agent", text: Validator.userAgent))
        }
        if job.dialect == .anthropicMessages, job.provider.headers["anthropic-version"] == nil {
            headers.append(TransferHeader(name: "anthropic-version", text: Validator.anthropicVersion))
        }
        return headers
    }

    private static func notRun(_ reason: String) -> ValidationOutcome {
        ValidationOutcome(verdict: .notRun, reason: reason, probeVersion: Probe.version)
    }
}
