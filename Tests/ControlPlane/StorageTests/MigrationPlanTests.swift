import Identity
import Storage
import Testing

struct MigrationPlanTests {
    private func record(_ number: Int, checksum: UInt8 = 0) throws -> MigrationRecord {
        MigrationRecord(
            number: number,
            name: "step",
            checksum: try #require(Digest([UInt8](repeating: checksum, count: 32)))
        )
    }

    @Test func `an empty database gets everything in order`() throws {
        let known = try [1, 2, 3].map { try self.record($0) }
        #expect(try MigrationPlan.pending(known: known, applied: []) == [1, 2, 3])
        #expect(try MigrationPlan.pending(known: known, applied: [known[0]]) == [2, 3])
        #expect(try MigrationPlan.pending(known: known, applied: known.reversed()) == [])
    }

    @Test func `a changed migration is refused`() throws {
        let known = try [1, 2].map { try self.record($0) }
        #expect(throws: MigrationProblem.changed(number: 1, name: "step")) {
            try MigrationPlan.pending(known: known, applied: [try self.record(1, checksum: 7)])
        }
    }

    @Test func `a database of a newer program is refused, and the message says so`() throws {
        let known = try [1].map { try self.record($0) }
        let problem = MigrationProblem.databaseIsNewer(number: 2, name: "step", newestKnown: 1)
        #expect(throws: problem) {
            try MigrationPlan.pending(known: known, applied: [try self.record(1), try self.record(2)])
        }
        #expect(problem.description.contains("knows only 1"))
    }

    @Test func `a gap is refused`() throws {
        let known = try [1, 2, 3].map { try self.record($0) }
        #expect(throws: MigrationProblem.gap(number: 2, name: "step")) {
            try MigrationPlan.pending(known: known, applied: [try self.record(1), try self.record(3)])
        }
    }
}
