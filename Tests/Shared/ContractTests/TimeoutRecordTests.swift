import Contract
import Testing
import Wire

@Suite struct TimeoutRecordTests {
    @Test func `a record's own limits win, the other's fill the gaps`() {
        let group = TimeoutRecord(connect: 1, idle: 3)
        let provider = TimeoutRecord(connect: 10, firstByte: 20, total: 40)
        #expect(
            group.falling(backTo: provider) == TimeoutRecord(connect: 1, firstByte: 20, idle: 3, total: 40)
        )
        #expect(TimeoutRecord().falling(backTo: TimeoutRecord()) == TimeoutRecord())
    }

    @Test func `limits out of range and unknown members are refused`() throws {
        let all = TimeoutRecord(connect: 1, firstByte: 2, idle: 3, total: 86_400_000)
        #expect(try TimeoutRecord(JSONMembers(all.json)) == all)
        for value: JSONValue in [
            ["connect_ms": 0], ["idle_ms": 86_400_001], ["total_ms": -1], ["first_byte_ms": "1"], ["other": 1],
            ["connect_ms": true],
        ] {
            #expect(throws: JSONShapeError.self) { try TimeoutRecord(JSONMembers(value)) }
        }
    }

    @Test func `targets and capabilities fill in what is missing and refuse what is unknown`() throws {
        let target = try TargetRecord(["id": "a", "provider": "p", "model": "m"], at: "t")
        #expect(target.weight == 1 && target.priority == 0 && target.enabled && target.tags == [])
        for (name, value) in [
            ("weight", JSONValue.int(-1)), ("weight", 1_000_001), ("priority", 1001), ("enabled", 1),
            ("tags", ["a", 1]),
            ("id", "A"), ("provider", nil), ("wieght", 1),
        ] {
            var object = JSONObject([("id", "a"), ("provider", "p"), ("model", "m")])
            object[name] = value
            #expect(throws: JSONShapeError.self) { try TargetRecord(.object(object), at: "t") }
        }
        let capabilities = try DeclaredCapabilities(JSONMembers([:]))
        #expect(capabilities == DeclaredCapabilities(inputModalities: ["text"]))
        #expect(throws: JSONShapeError.self) { try DeclaredCapabilities(JSONMembers(["tolos": true])) }
    }
}
