import Testing
import Wire

@testable import AdminClient

struct AssignmentsTests {
    @Test func `fields are set by their path, values as YAML has them`() throws {
        let result = try Assignments.apply(
            ["enabled=false", "timeouts.idle_ms=5", "region=null", "headers.x-team=a=b", "text=", "list=[a, 1]"],
            to: ["timeouts": ["total_ms": 9], "region": "eu"]
        )
        #expect(
            result == [
                "timeouts": ["total_ms": 9, "idle_ms": 5], "region": nil, "enabled": false,
                "headers": ["x-team": "a=b"], "text": "", "list": ["a", 1],
            ]
        )
    }

    @Test(arguments: ["enabled", "=1", "a..b=1", ".a=1", "a=[1"])
    func `what is no assignment is refused`(text: String) {
        #expect(throws: AdminFailure.self) { try Assignments.apply([text], to: [:]) }
    }
}
