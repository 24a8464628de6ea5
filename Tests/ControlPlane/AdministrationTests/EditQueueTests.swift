import Postgres
import Synchronization
import Testing

@testable import Administration

struct EditQueueTests {
    /// Holds a turn until it is told to end it.
    private final class Gate: Sendable {
        private let stream: AsyncStream<Void>
        private let source: AsyncStream<Void>.Continuation

        init() { (self.stream, self.source) = AsyncStream.makeStream() }

        func open() { self.source.finish() }

        func pass() async { for await _ in self.stream {} }
    }

    private final class Record: Sendable {
        private let numbers = Mutex<[Int]>([])

        var all: [Int] { self.numbers.withLock { $0 } }

        func note(_ number: Int) { self.numbers.withLock { $0.append(number) } }
    }

    private func untilWaiting(_ count: Int, _ queue: EditQueue) async {
        while queue.waiting < count { await Task.yield() }
    }

    @Test func `turns are taken one at a time and in the order of arrival`() async throws {
        let queue = EditQueue()
        let gate = Gate()
        let order = Record()
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await queue.withTurn { () async throws(AdministrationError) in
                for number in 1...5 {
                    group.addTask {
                        try await queue.withTurn { () async throws(AdministrationError) in
                            order.note(number)
                            if number == 1 { await gate.pass() }
                        }
                    }
                    await self.untilWaiting(number, queue)
                }
            }
            #expect(order.all.count <= 1)
            gate.open()
            try await group.waitForAll()
        }
        #expect(order.all == [1, 2, 3, 4, 5])
        #expect(queue.waiting == 0)
    }

    @Test(arguments: [PostgresError.lockTimeout, .statementTimeout, .serialization])
    func `a database that is busy is not one that is gone`(error: PostgresError) {
        #expect(AdministrationError(error) == .busy)
        #expect(AdministrationError(PostgresError.unavailable(.noAnswer)) == .databaseUnavailable)
    }

    @Test(arguments: ["22021", "22P05"])
    func `a text that cannot be stored is a mistake of who sent it`(sqlstate: String) {
        guard case .malformed = AdministrationError(PostgresError.invalidValue(sqlstate: sqlstate)) else {
            Issue.record("not malformed")
            return
        }
    }

    @Test func `a database that is gone is told to all who wait, and a mistake only to who made it`() async throws {
        let queue = EditQueue()
        for (error, expected) in [
            (AdministrationError.databaseUnavailable, 3), (.unauthenticated, 0), (.busy, 0),
        ] {
            let failures = Record()
            await withTaskGroup(of: Void.self) { group in
                do throws(AdministrationError) {
                    try await queue.withTurn { () async throws(AdministrationError) in
                        for number in 1...3 {
                            group.addTask {
                                do throws(AdministrationError) {
                                    try await queue.withTurn { () async throws(AdministrationError) in }
                                } catch {
                                    failures.note(number)
                                }
                            }
                            await self.untilWaiting(number, queue)
                        }
                        throw error
                    }
                } catch {}
            }
            #expect(failures.all.count == expected)
            #expect(queue.waiting == 0)
        }
    }

    @Test func `who gives up leaves the queue`() async throws {
        let queue = EditQueue()
        let isRefused = try await queue.withTurn { () async throws(AdministrationError) in
            let waiting = Task {
                do throws(AdministrationError) {
                    try await queue.withTurn { () async throws(AdministrationError) in }
                    return false
                } catch {
                    return true
                }
            }
            await self.untilWaiting(1, queue)
            waiting.cancel()
            return await waiting.value
        }
        #expect(isRefused)
        #expect(queue.waiting == 0)
    }
}
