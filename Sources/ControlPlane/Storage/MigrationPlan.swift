/// Decides which migrations are still to be applied, from what the program has and the database knows.
package enum MigrationPlan {
    /// The numbers to apply, in order; `known` is in order.
    package static func pending(
        known: [MigrationRecord],
        applied: [MigrationRecord]
    ) throws(MigrationProblem) -> [Int] {
        let newestKnown = known.last?.number ?? 0
        for record in applied.sorted(by: { $0.number < $1.number }) {
            guard let match = known.first(where: { $0.number == record.number }) else {
                throw .databaseIsNewer(number: record.number, name: record.name, newestKnown: newestKnown)
            }
            guard match.checksum == record.checksum else {
                throw .changed(number: record.number, name: match.name)
            }
        }
        let numbers = Set(applied.map(\.number))
        let newestApplied = numbers.max() ?? 0
        for record in known where record.number < newestApplied && !numbers.contains(record.number) {
            throw .gap(number: record.number, name: record.name)
        }
        return known.map(\.number).filter { !numbers.contains($0) }
    }
}
