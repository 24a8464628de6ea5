import Administration
import Catalog
import Identity
import Logging
import Probing
import Synchronization
import Validation

/// Takes what is to be validated, has it asked, and records what was found, while `run` runs.
final class ValidationWork: Sendable {
    private let queue: ValidationQueue
    private let validator: Validator
    /// Jobs that are held at a time, of all providers and of one.
    private let width: Int
    private let widthPerProvider: Int
    private let logger: Logger
    private let holder: String
    private let held = Mutex(0)

    /// Whoever dies loses its jobs after this.
    private static let lease = Duration.seconds(90)
    private static let renewal = Duration.seconds(30)
    private static let idlePause = Duration.seconds(2)
    private static let busyPause = Duration.milliseconds(100)

    init(queue: ValidationQueue, validator: Validator, width: Int, widthPerProvider: Int, logger: Logger) {
        self.queue = queue
        self.validator = validator
        self.width = max(1, width)
        self.widthPerProvider = max(1, widthPerProvider)
        self.logger = logger
        var generator = SystemRandomNumberGenerator()
        self.holder = "validator-" + String(UInt64.random(in: .min ... .max, using: &generator), radix: 16)
    }

    /// Goes on until the task is cancelled; jobs that are under way then are given back.
    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let free = self.width - self.held.withLock { $0 }
                let jobs = free > 0 ? await self.claim(free) : []
                for job in jobs {
                    self.held.withLock { $0 += 1 }
                    group.addTask {
                        await self.work(job)
                        self.held.withLock { $0 -= 1 }
                    }
                }
                // What waits may be held back for a provider whose places are taken, and end in a moment.
                let isIdle = jobs.isEmpty && self.held.withLock { $0 } == 0
                try? await Task.sleep(for: isIdle ? ValidationWork.idlePause : ValidationWork.busyPause)
            }
            group.cancelAll()
        }
    }

    private func claim(_ limit: Int) async -> [ValidationJob] {
        do throws(AdministrationError) {
            return try await self.queue.claim(
                holder: self.holder,
                limit: limit,
                limitPerProvider: self.widthPerProvider,
                lease: ValidationWork.lease
            )
        } catch {
            self.report(error, "validations cannot be taken")
            return []
        }
    }

    private func work(_ job: ValidationJob) async {
        guard let outcome = await self.outcome(of: job) else {
            // This task may be cancelled already, and giving back is not to be.
            await Task { try? await self.queue.release([job]) }.value
            return
        }
        do throws(AdministrationError) {
            let receipt = try await self.queue.record(job, outcome)
            self.logger.log(
                level: outcome.verdict == .passed ? .debug : .info,
                "a capability was probed",
                metadata: [
                    "key": "\(job.key)", "verdict": "\(outcome.verdict.rawValue)", "reason": "\(outcome.reason ?? "")",
                    "change": "\(receipt.change?.rawValue ?? "")",
                ]
            )
        } catch {
            self.report(error, "what was found cannot be recorded")
        }
    }

    /// Nil when the job was lost, or the task cancelled, before anything was found.
    private func outcome(of job: ValidationJob) async -> ValidationOutcome? {
        let probe = ProbeJob(
            provider: job.provider,
            model: job.model,
            dialect: job.key.dialect,
            case: job.key.case,
            secret: job.secret,
            spend: job.spend
        )
        return await withTaskGroup(of: ValidationOutcome?.self) { group in
            group.addTask { await self.validator.run(probe) }
            group.addTask {
                while (try? await Task.sleep(for: ValidationWork.renewal)) != nil {
                    // The database being away is no reason to stop; the lease may last until it is back.
                    guard let held = try? await self.queue.renew([job], lease: ValidationWork.lease) else { continue }
                    if !held.contains(job.id) { break }
                }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private func report(_ error: AdministrationError, _ what: Logger.Message) {
        // The database being away is told of elsewhere.
        guard case .internalError(let detail) = error else { return }
        self.logger.error(what, metadata: ["reason": "\(detail)"])
    }
}
