package import Logging

/// Asks again and again what time has made due, while `run` runs.
package struct ValidationSchedule: Sendable {
    private let queue: ValidationQueue
    private let logger: Logger

    /// How late an attestation's end and a renewal may be.
    private static let interval = Duration.seconds(30)

    package init(_ queue: ValidationQueue, logger: Logger) {
        self.queue = queue
        self.logger = logger
    }

    /// Goes on until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do throws(AdministrationError) {
                let queued = try await self.queue.schedule()
                if !queued.isEmpty {
                    self.logger.info("evidence is to be renewed", metadata: ["validations": "\(queued)"])
                }
            } catch {
                // The database being away is told of elsewhere; everything is still due the next time.
                if case .internalError(let detail) = error {
                    self.logger.error("due validations cannot be queued", metadata: ["reason": "\(detail)"])
                }
            }
            try? await Task.sleep(for: ValidationSchedule.interval)
        }
    }
}
