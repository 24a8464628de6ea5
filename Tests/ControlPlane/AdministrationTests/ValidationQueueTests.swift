import Catalog
import Contract
import Identity
import Postgres
import Sealing
import Storage
import Testing
import Wire

@testable import Administration

struct ValidationQueueTests {
    private static let provider: JSONValue = [
        "base_url": "https://api.example.com", "dialects": ["openai-chat": [:]],
        "auth": ["scheme": "bearer", "secret": "canary-secret"],
    ]
    private static let spec: JSONValue = ["upstream_model": "large-1"]

    private let root = AdminPrincipal(id: "root", role: .admin, requestID: nil)

    /// A control plane's queue, on a plane that has one model.
    private struct Setting {
        let plane: TestPlane
        let queue: ValidationQueue
        let editor: ConfigurationEditor
        let model: ModelKey

        func outcome(_ verdict: ValidationOutcome.Verdict, failures: Int = 3) -> ValidationOutcome {
            ValidationOutcome(
                verdict: verdict,
                passes: verdict == .passed ? 3 : 0,
                attempts: verdict == .passed ? 3 : failures,
                answer: "said",
                probeVersion: 1
            )
        }

        func claim(_ limit: Int = 100, holder: String = "one") async throws -> [ValidationJob] {
            try await self.queue.claim(holder: holder, limit: limit, lease: .seconds(60))
        }

        /// The evidence in the newest snapshot, and its version.
        func published() async throws -> (version: Int, evidence: [EvidenceRecord]) {
            let history = SnapshotHistory(cluster: self.plane.cluster, publication: self.plane.publication)
            return try await self.plane.pool.withTransaction { transaction in
                let latest = try #require(try await SnapshotRepository.latest(in: transaction))
                let version = latest.reference.version.number
                let body = try await history.body(ofVersion: version, in: transaction)?.body
                return (version, body?.models.flatMap(\.evidence) ?? [])
            }
        }

        func audited() async throws -> [String] {
            let log = try await AuditLog(pool: self.plane.pool).list(after: nil, limit: 100)
            return log.items.filter { $0.kind == "evidence" }.reversed().map { "\($0.action) \($0.key)" }
        }

        func ask(_ cases: [String]) async throws -> Int {
            let body: JSONValue = [
                "provider": "demo", "model": "large", "cases": .array(cases.map { .string($0) }),
            ]
            let root = AdminPrincipal(id: "root", role: .admin, requestID: nil)
            return try await Validations(self.editor).request(body, by: root).run.id
        }

        /// Lets time pass for everything that is stored, in days.
        func age(days: Int) async throws {
            try await self.plane.pool.execute(
                Statement(
                    """
                    UPDATE standing_evidence SET observed_at = observed_at - $1::bigint * interval '1 day',
                        expires_at = expires_at - $1::bigint * interval '1 day',
                        looked_at = looked_at - $1::bigint * interval '1 day',
                        flipped_at = flipped_at - $1::bigint * interval '1 day'
                    """,
                    .int(days)
                )
            )
            try await self.plane.pool.execute(
                Statement("UPDATE evidence SET at = at - $1::bigint * interval '1 day'", .int(days))
            )
        }
    }

    private func with(connections: Int = 4, _ body: (Setting) async throws -> Void) async throws {
        try await TestPlane.with(connections: connections) { plane in
            let editor = ConfigurationEditor(
                pool: plane.pool,
                cluster: plane.cluster,
                publication: plane.publication,
                deployment: try #require(Slug("metrum"))
            )
            let model = ModelKey(provider: try #require(Slug("demo")), model: try #require(Slug("large")))
            _ = try await Providers(editor).put(
                model.provider,
                ValidationQueueTests.provider,
                if: .none,
                by: self.root,
                dryRun: false
            )
            _ = try await Models(editor).put(
                model,
                ValidationQueueTests.spec,
                if: .none,
                by: self.root,
                dryRun: false
            )
            let queue = ValidationQueue(editor, evidenceLifetime: .seconds(7 * 86_400))
            try await body(Setting(plane: plane, queue: queue, editor: editor, model: model))
        }
    }

    /// Does the run that the model's creation queued.
    private func settle(_ setting: Setting, _ verdict: ValidationOutcome.Verdict = .passed) async throws {
        for job in try await setting.claim() { _ = try await setting.queue.record(job, setting.outcome(verdict)) }
    }

    @Test func `a new model is validated in all that it may do, and published when all is known`() async throws {
        try await self.with { setting in
            let before = try await setting.published()
            let jobs = try await setting.claim()
            #expect(Set(jobs.map(\.key.case)) == Set(CapabilityCase.allCases))
            let job = try #require(jobs.first)
            #expect(job.provider.baseURL.description == "https://api.example.com")
            #expect(job.model.upstreamModel == "large-1")
            #expect(job.secret?.withExposedText { $0 } == "canary-secret")
            #expect(!"\(job)".contains("canary"))
            for (index, job) in jobs.enumerated() {
                let receipt = try await setting.queue.record(job, setting.outcome(.passed))
                #expect(receipt.isTaken && receipt.change == .first)
                #expect(receipt.isLast == (index == jobs.count - 1))
                #expect(try await setting.published().version == before.version + (receipt.isLast ? 1 : 0))
            }
            let after = try await setting.published()
            #expect(after.evidence.map(\.case) == CapabilityCase.allCases.sorted())
            #expect(after.evidence.allSatisfy { $0.verdict == .passed && !$0.isAttested })
            #expect(after.evidence.allSatisfy { $0.expiresAt - $0.observedAt == 7 * 86_400_000 })
            #expect(try await setting.audited().count == jobs.count)
            let run = try await Validations(setting.editor).get(try #require(jobs.first?.validation))
            #expect(run.run.state == .done && run.run.reason == .change && run.evidence.count == jobs.count)
        }
    }

    @Test func `a job is held by one at a time, and lost with its lease`() async throws {
        try await self.with { setting in
            async let first = setting.claim(8, holder: "one")
            async let second = setting.claim(8, holder: "two")
            let (mine, theirs) = try await (first, second)
            #expect(Set(mine.map(\.id)).isDisjoint(with: theirs.map(\.id)))
            #expect(mine.count + theirs.count == CapabilityCase.allCases.count)
            let job = try #require(mine.first)
            #expect(try await setting.queue.renew(mine, lease: .seconds(0)) == Set(mine.map(\.id)))
            let again = try await setting.claim(100, holder: "two")
            #expect(Set(again.map(\.id)) == Set(mine.map(\.id)))
            #expect(try await setting.queue.renew(mine, lease: .seconds(60)).isEmpty)
            #expect(try await setting.queue.record(job, setting.outcome(.passed)) == .lost)
            try await setting.queue.release(again)
            #expect(try await setting.claim(100, holder: "three").count == mine.count)
        }
    }

    @Test func `several control planes record at once, and nothing is lost or counted twice`() async throws {
        try await self.with(connections: 8) { setting in
            let editor = ConfigurationEditor(
                pool: setting.plane.pool,
                cluster: setting.plane.cluster,
                publication: setting.plane.publication,
                deployment: setting.editor.deployment
            )
            let queues = [setting.queue, ValidationQueue(editor, evidenceLifetime: .seconds(7 * 86_400))]
            for round in 1...3 {
                let verdict: ValidationOutcome.Verdict = round == 2 ? .failed : .passed
                if round > 1 { _ = try await setting.ask(CapabilityCase.allCases.map(\.rawValue)) }
                let taken = try await withThrowingTaskGroup(of: [Bool].self) { group in
                    for worker in 0..<6 {
                        let queue = queues[worker % 2]
                        group.addTask {
                            var taken: [Bool] = []
                            while true {
                                let holder = "worker-\(worker)"
                                let jobs = try await queue.claim(holder: holder, limit: 2, lease: .seconds(60))
                                if jobs.isEmpty { return taken }
                                for job in jobs {
                                    taken.append(try await queue.record(job, setting.outcome(verdict)).isTaken)
                                }
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                #expect(taken == [Bool](repeating: true, count: CapabilityCase.allCases.count))
                _ = try await setting.queue.schedule()
                let runs = try await Validations(setting.editor).list(after: nil, limit: 9).items
                #expect(runs.count == round && runs.allSatisfy { $0.state == .done && $0.done == $0.jobs })
                let published = try await setting.published().evidence
                #expect(published.count == CapabilityCase.allCases.count)
                // The third round sees each pass once after a flip, which is not enough.
                #expect(published.allSatisfy { ($0.verdict == .passed) == (round == 1) })
            }
            let broken = try await setting.plane.pool.withTransaction { try await AuditRepository.firstBroken(in: $0) }
            #expect(broken == nil)
        }
    }

    @Test func `a job that nobody survives is given up, and so is one whose model is gone`() async throws {
        try await self.with { setting in
            for _ in 1...ValidationQueue.maximumClaims {
                let jobs = try await setting.claim()
                #expect(jobs.count == CapabilityCase.allCases.count)
                _ = try await setting.queue.renew(jobs, lease: .seconds(0))
            }
            #expect(try await setting.claim().isEmpty)
            let runs = Validations(setting.editor)
            let run = try #require(try await runs.list(after: nil, limit: 1).items.first)
            #expect(run.state == .failed)
            let id = try await setting.ask(["text"])
            _ = try await Models(setting.editor).delete(setting.model, if: .none, by: self.root, dryRun: false)
            #expect(try await setting.claim().isEmpty)
            let detail = try await runs.get(id)
            #expect(detail.run.state == .failed)
            #expect(detail.evidence.map(\.outcome.verdict) == [.notRun])
        }
    }

    @Test func `a flip from pass to fail is published at once, and back only when it is seen twice`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            let (version, _) = try await setting.published()
            _ = try await setting.ask(["image_inline", "text"])
            let jobs = try await setting.claim()
            let image = try #require(jobs.first { $0.key.case == .imageInline })
            #expect(try await setting.queue.record(image, setting.outcome(.failed)).change == .flipped)
            var now = try await setting.published()
            #expect(now.version == version + 1)
            #expect(now.evidence.filter { $0.verdict == .failed }.map(\.case) == [.imageInline])
            #expect(try await setting.audited().last == "update demo/large/openai-chat/image_inline")

            for expected in [StandingVerdict.Change.doubted, .flipped] {
                _ = try await setting.ask(["image_inline"])
                for job in try await setting.claim() where job.key.case == .imageInline {
                    #expect(try await setting.queue.record(job, setting.outcome(.passed)).change == expected)
                }
            }
            now = try await setting.published()
            #expect(now.evidence.allSatisfy { $0.verdict == .passed })
        }
    }

    @Test func `what could not be asked changes nothing`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            let before = try await setting.published()
            _ = try await setting.ask(["image_url"])
            let job = try #require(try await setting.claim().first)
            let receipt = try await setting.queue.record(job, setting.outcome(.notRun))
            #expect(receipt.change == nil && receipt.isLast)
            #expect(try await setting.published() == before)
        }
    }

    @Test func `another upstream model voids what is known and is validated once`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            let models = Models(setting.editor)
            for name in ["large-2", "large-3"] {
                let body: JSONValue = ["upstream_model": .string(name)]
                _ = try await models.patch(setting.model, body, if: .none, by: self.root, dryRun: false)
            }
            #expect(try await setting.published().evidence.isEmpty)
            #expect(try await setting.audited().last?.hasPrefix("delete demo/large/") == true)
            let runs = try await Validations(setting.editor).list(after: nil, limit: 9).items
            #expect(runs.map(\.state) == [.queued, .done])
            let jobs = try await setting.claim()
            #expect(Set(jobs.map(\.model.upstreamModel)) == ["large-3"])
            // What comes of an old question is no answer to the new one.
            _ = try await models.patch(
                setting.model,
                ["upstream_model": "large-4"],
                if: .none,
                by: self.root,
                dryRun: false
            )
            for job in jobs { _ = try await setting.queue.record(job, setting.outcome(.passed)) }
            #expect(try await setting.published().evidence.isEmpty)
            #expect(try await setting.claim().count == jobs.count)
        }
    }

    @Test func `a provider never holds more places than it may be asked at a time`() async throws {
        try await self.with { setting in
            let other = ModelKey(provider: try #require(Slug("other")), model: try #require(Slug("m")))
            _ = try await Providers(setting.editor).put(
                other.provider,
                ValidationQueueTests.provider,
                if: .none,
                by: self.root,
                dryRun: false
            )
            _ = try await Models(setting.editor).put(
                other,
                ValidationQueueTests.spec,
                if: .none,
                by: self.root,
                dryRun: false
            )
            func claim(_ holder: String = "one") async throws -> [ValidationJob] {
                try await setting.queue.claim(holder: holder, limit: 8, limitPerProvider: 2, lease: .seconds(60))
            }
            let jobs = try await claim()
            #expect(jobs.map(\.key.model) == [setting.model, setting.model, other, other])
            #expect(try await claim().isEmpty)
            _ = try await setting.queue.record(try #require(jobs.last), setting.outcome(.passed))
            #expect(try await claim().map(\.key.model) == [other])
            #expect(try await claim("two").count == 4)
        }
    }

    @Test func `a job tells what probes cost its provider today, by whichever control plane`() async throws {
        try await self.with { setting in
            let jobs = try await setting.claim()
            #expect(jobs.allSatisfy { $0.spend == nil })
            var told = setting.outcome(.passed)
            told.inputTokens = 40
            told.outputTokens = 2
            for (job, outcome) in zip(jobs, [told, told, setting.outcome(.passed)]) {
                _ = try await setting.queue.record(job, outcome)
            }
            _ = try await setting.ask(["tools"])
            // Three answers without usage, and two outcomes with it.
            #expect(try await setting.claim().map(\.spend?.tokens) == [3084])
            try await setting.queue.release(jobs)
            try await setting.age(days: 1)
            #expect(try await setting.claim(holder: "two").allSatisfy { $0.spend == nil })
        }
    }

    @Test func `evidence is renewed before it expires, once`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            #expect(try await setting.queue.schedule().isEmpty)
            try await setting.age(days: 6)
            let queued = try await setting.queue.schedule()
            #expect(queued.count == 1)
            #expect(try await setting.queue.schedule().isEmpty)
            let jobs = try await setting.claim()
            #expect(jobs.count == CapabilityCase.allCases.count)
            let before = try await setting.published()
            for job in jobs {
                #expect(try await setting.queue.record(job, setting.outcome(.passed)).change == .renewed)
            }
            let after = try await setting.published()
            #expect(after.version == before.version + 1)
            #expect(try await setting.queue.schedule().isEmpty)
        }
    }

    @Test func `a model of before there were validations is validated`() async throws {
        try await self.with { setting in
            try await setting.plane.pool.execute(Statement("DELETE FROM validation"))
            #expect(try await setting.queue.schedule().count == 1)
            #expect(try await setting.queue.schedule().isEmpty)
            #expect(try await setting.claim().count == CapabilityCase.allCases.count)
        }
    }

    @Test func `what a model newly declares is asked about at once`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            func declare(_ capabilities: JSONValue) async throws {
                _ = try await Models(setting.editor).put(
                    setting.model,
                    ["upstream_model": "large-1", "declared": ["openai-chat": capabilities]],
                    if: .none,
                    by: self.root,
                    dryRun: false
                )
            }
            try await declare(["input_modalities": ["text"]])
            try await setting.plane.pool.execute(
                Statement("DELETE FROM standing_evidence WHERE evidence_case LIKE 'image%'")
            )
            #expect(try await setting.claim().isEmpty)
            try await declare(["input_modalities": ["text", "image"]])
            #expect(Set(try await setting.claim().map(\.key.case)) == [.imageURL, .imageInline])
        }
    }

    @Test func `what nothing is known of is asked about by the schedule, though other cases are known`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            try await setting.plane.pool.execute(
                Statement("DELETE FROM standing_evidence WHERE evidence_case = 'image_inline'")
            )
            #expect(try await setting.queue.schedule().isEmpty)
            try await setting.plane.pool.execute(
                Statement("UPDATE validation SET created_at = created_at - interval '2 hours'")
            )
            #expect(try await setting.queue.schedule().count == 1)
            #expect(try await setting.queue.schedule().isEmpty)
            #expect(try await setting.claim().map(\.key.case) == [.imageInline])
        }
    }

    @Test func `a verdict in doubt is asked about again soon`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            _ = try await setting.ask(["tools"])
            let job = try #require(try await setting.claim().first)
            #expect(try await setting.queue.record(job, setting.outcome(.failed, failures: 1)).change == .doubted)
            #expect(try await setting.queue.schedule().isEmpty)
            try await setting.age(days: 1)
            #expect(try await setting.queue.schedule().count == 1)
            #expect(try await setting.claim().map(\.key.case) == [.tools])
        }
    }

    @Test func `what was not run is asked about again, and no more once something is found`() async throws {
        try await self.with { setting in
            for job in try await setting.claim() {
                let isLimited = job.key.case == .tools
                _ = try await setting.queue.record(job, setting.outcome(isLimited ? .notRun : .passed))
            }
            #expect(try await setting.queue.schedule().isEmpty)
            for _ in 1...2 {
                try await setting.age(days: 1)
                #expect(try await setting.queue.schedule().count == 1)
                #expect(try await setting.queue.schedule().isEmpty)
                let job = try #require(try await setting.claim().first)
                #expect(job.key.case == .tools)
                _ = try await setting.queue.record(job, setting.outcome(.notRun))
                // Not at once: whoever is asked without a pause never comes round.
                #expect(try await setting.queue.schedule().isEmpty)
            }
            try await setting.age(days: 1)
            #expect(try await setting.queue.schedule().count == 1)
            for job in try await setting.claim() {
                #expect(try await setting.queue.record(job, setting.outcome(.passed)).change == .first)
            }
            try await setting.age(days: 1)
            #expect(try await setting.queue.schedule().isEmpty)
        }
    }

    @Test func `evidence that was to be renewed in vain stands, and is tried again later`() async throws {
        try await self.with { setting in
            try await self.settle(setting)
            try await setting.age(days: 6)
            #expect(try await setting.queue.schedule().count == 1)
            try await self.settle(setting, .notRun)
            #expect(try await setting.queue.schedule().isEmpty)
            let standing = try await setting.published().evidence
            #expect(standing.count == CapabilityCase.allCases.count && standing.allSatisfy { $0.verdict == .passed })
            try await setting.age(days: 1)
            #expect(try await setting.queue.schedule().count == 1)
            #expect(try await setting.claim().count == CapabilityCase.allCases.count)
        }
    }

    @Test func `an attestation ends when it says so, and what was found stands again`() async throws {
        try await self.with { setting in
            try await self.settle(setting, .failed)
            let key = EvidenceKey(setting.model, .openAIChat, .imageInline)
            _ = try await Attestations(setting.editor).put(
                key,
                ["reason": "seen it", "expires_at": "2099-01-01T00:00:00Z"],
                by: self.root,
                dryRun: false
            )
            #expect(try await setting.published().evidence.first { $0.case == .imageInline }?.verdict == .passed)
            try await setting.plane.pool.execute(
                Statement("UPDATE attestation SET expires_at = now() - interval '1 s'")
            )
            _ = try await setting.queue.schedule()
            #expect(try await setting.published().evidence.first { $0.case == .imageInline }?.verdict == .failed)
            let last = try await AuditLog(pool: setting.plane.pool).list(after: nil, limit: 1).items.first
            #expect(last?.action == "expire" && last?.kind == "attestation" && last?.actor == "validator")
        }
    }

    @Test func `a validation whose last results came at once ends with the next look`() async throws {
        try await self.with { setting in
            let jobs = try await setting.claim()
            let run = try #require(jobs.first?.validation)
            for job in jobs.dropLast() { _ = try await setting.queue.record(job, setting.outcome(.passed)) }
            // As if two had each seen the other's job open.
            try await setting.plane.pool.execute(
                Statement("UPDATE validation_job SET done_at = now(), holder = NULL, lease_expires_at = NULL")
            )
            #expect(try await setting.published().evidence.isEmpty)
            _ = try await setting.queue.schedule()
            #expect(try await setting.published().evidence.count == jobs.count - 1)
            #expect(try await Validations(setting.editor).get(run).run.state == .done)
        }
    }
}
