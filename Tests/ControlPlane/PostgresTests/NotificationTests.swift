import Postgres
import PostgresTestSupport
import Testing

struct NotificationTests {
    private let channel = NotificationChannel("news")

    @Test func `a listener hears what is committed, in order, and is told to read again after a loss`() async throws {
        try await TestDatabase.with { database in
            let pool = database.pool
            var events = pool.listen(to: self.channel).makeAsyncIterator()
            #expect(await events.next() == .reconnected)
            try await pool.withTransaction { transaction in
                try await transaction.query(self.channel.notify("one"))
                try await transaction.query(self.channel.notify("two"))
            }
            #expect(await events.next() == .notification(payload: "one"))
            #expect(await events.next() == .notification(payload: "two"))
            try await pool.query(
                Statement(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE query LIKE 'LISTEN%' AND datname = current_database()
                    """
                )
            )
            #expect(await events.next() == .reconnected)
            try await pool.query(self.channel.notify("three"))
            #expect(await events.next() == .notification(payload: "three"))
        }
    }

    @Test func `a cancelled listener ends`() async throws {
        try await TestDatabase.with { database in
            let task = Task {
                var count = 0
                for await _ in database.pool.listen(to: self.channel) { count += 1 }
                return count
            }
            task.cancel()
            #expect(await task.value <= 1)
        }
    }
}
