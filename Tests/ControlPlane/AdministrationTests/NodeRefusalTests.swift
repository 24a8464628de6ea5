import Administration
import Postgres
import Testing

struct NodeRefusalTests {
    @Test(
        arguments: [
            .unavailable(.outOfResources), .unavailable(.noConnection), .unknownOutcome, .readOnly, .serialization,
            .statementTimeout, .lockTimeout,
        ] as [PostgresError]
    )
    func `what passes is something to come again after`(_ error: PostgresError) {
        #expect(NodeRefusal(error) == .databaseUnavailable)
    }

    @Test(
        arguments: [
            .invalidStatement(sqlstate: "42601", message: ""), .other(sqlstate: "XX000"),
            .checkViolation(constraint: "c"),
        ] as [PostgresError]
    )
    func `what is our own defect is not`(_ error: PostgresError) {
        #expect(NodeRefusal(error) == .internalError)
    }
}
