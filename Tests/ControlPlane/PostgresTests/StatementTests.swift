import Postgres
import PostgresTestSupport
import Testing

struct StatementTests {
    @Test func `every kind of value comes back as it was sent`() async throws {
        try await TestDatabase.with { database in
            let bytes = (0...255).map { UInt8($0) }
            let texts = ["", "a,b", "\"q\" \\ {}", "NULL", "línea\nß"]
            let rows = try await database.pool.query(
                Statement(
                    """
                    SELECT $1::text AS text, $2::bigint AS int, $3::bool AS bool, $4::bytea AS bytes,
                        $5::timestamptz AS time, $6::text[] AS texts, $7::text AS missing, $8::jsonb ->> 'a' AS json,
                        $9::bytea AS nothing, 1.5::float8 AS double
                    """,
                    .text("it's; DROP TABLE x --"),
                    .int(Int.min),
                    .bool(true),
                    .bytes(bytes),
                    .time(milliseconds: 1_700_000_000_123),
                    .texts(texts),
                    .null,
                    .text(#"{"a":"b"}"#),
                    .bytes([])
                )
            )
            let row = try #require(rows.first)
            #expect(try row.text("text") == "it's; DROP TABLE x --")
            #expect(try row.int("int") == Int.min)
            #expect(try row.bool("bool"))
            #expect(try row.bytes("bytes") == bytes)
            #expect(try row.milliseconds("time") == 1_700_000_000_123)
            #expect(try row.texts("texts") == texts)
            #expect(try row.optionalText("missing") == nil)
            #expect(try row.text("json") == "b")
            #expect(try row.bytes("nothing") == [])
            #expect(try row.double("double") == 1.5)
        }
    }

    @Test(
        arguments: [
            0, -1, 951_782_400_000, 951_868_799_999, 1_709_164_800_000, -2_208_988_800_001, 253_402_300_799_999,
            -62_135_596_800_000,
        ] as [Int64]
    )
    func `a time is the same time to PostgreSQL`(milliseconds: Int64) async throws {
        try await TestDatabase.with { database in
            let rows = try await database.pool.query(
                Statement(
                    "SELECT $1::timestamptz AS time, (extract(epoch FROM $1::timestamptz) * 1000)::bigint AS epoch",
                    .time(milliseconds: milliseconds)
                )
            )
            #expect(try rows.first?.milliseconds("time") == milliseconds)
            #expect(try rows.first?.int("epoch") == Int(milliseconds))
        }
    }

    @Test func `a column that is missing, null or of another form is a typed error`() async throws {
        try await TestDatabase.with { database in
            let rows = try await database.pool.query(
                Statement("SELECT 'x' AS word, NULL::text AS hole, 'infinity'::timestamptz AS forever")
            )
            let row = try #require(rows.first)
            #expect(throws: PostgresError.undecodable(column: "word", expected: "a whole number")) {
                try row.int("word")
            }
            #expect(throws: PostgresError.undecodable(column: "hole", expected: "text")) { try row.text("hole") }
            #expect(throws: PostgresError.undecodable(column: "none", expected: "to be in the row")) {
                try row.optionalText("none")
            }
            #expect(throws: PostgresError.undecodable(column: "forever", expected: "a time")) {
                try row.milliseconds("forever")
            }
        }
    }

    @Test func `violations name the constraint and never the value`() async throws {
        try await TestDatabase.with { database in
            let pool = database.pool
            try await pool.execute(Statement("CREATE TABLE parent (id text PRIMARY KEY, size int CHECK (size > 0))"))
            try await pool.execute(Statement("CREATE TABLE child (parent text NOT NULL REFERENCES parent)"))
            let insert = Statement("INSERT INTO parent VALUES ($1, 1)", .text("one"))
            #expect(try await pool.execute(insert) == 1)
            await #expect(throws: PostgresError.uniqueViolation(constraint: "parent_pkey")) {
                try await pool.execute(insert)
            }
            await #expect(throws: PostgresError.checkViolation(constraint: "parent_size_check")) {
                try await pool.execute(Statement("INSERT INTO parent VALUES ('two', 0)"))
            }
            await #expect(throws: PostgresError.foreignKeyViolation(constraint: "child_parent_fkey")) {
                try await pool.execute(Statement("INSERT INTO child VALUES ($1)", .text("secret")))
            }
            await #expect(throws: PostgresError.notNullViolation(column: "parent")) {
                try await pool.execute(Statement("INSERT INTO child VALUES (NULL)"))
            }
            await #expect(throws: PostgresError.invalidValue(sqlstate: "22P02")) {
                try await pool.query(Statement("SELECT $1::uuid", .text("secret")))
            }
            await #expect(throws: PostgresError.invalidValue(sqlstate: "22021")) {
                try await pool.query(Statement("SELECT $1::text", .text("a\0b")))
            }
        }
    }

    @Test func `a wrong statement says what is wrong with it`() async throws {
        try await TestDatabase.with { database in
            await #expect(
                throws: PostgresError.invalidStatement(sqlstate: "42703", message: "column \"nothing\" does not exist")
            ) {
                try await database.pool.query(Statement("SELECT nothing"))
            }
        }
    }

    @Test func `a value of eight megabytes goes both ways`() async throws {
        try await TestDatabase.with { database in
            let bytes = [UInt8](repeating: 0xa5, count: 8 << 20)
            let rows = try await database.pool.query(Statement("SELECT $1::bytea AS bytes", .bytes(bytes)))
            #expect(try rows.first?.bytes("bytes") == bytes)
        }
    }
}
