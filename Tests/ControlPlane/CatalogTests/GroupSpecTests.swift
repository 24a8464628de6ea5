import Catalog
import Contract
import Testing
import Wire

struct GroupSpecTests {
    @Test func `a full group is read and written back`() throws {
        let spec = try GroupSpec(SpecSamples.group)
        #expect(try GroupSpec(spec.json) == spec)
        #expect(spec.targets.first?.weight == 3)
    }

    @Test func `a target takes defaults for its share`() throws {
        let spec = try GroupSpec(["targets": [["id": "a", "provider": "p", "model": "m"]]])
        #expect(
            spec.targets == [
                TargetRecord(id: SpecSamples.slug("a"), provider: SpecSamples.slug("p"), model: SpecSamples.slug("m"))
            ]
        )
        #expect(spec.strategy == .weighted)
    }

    @Test(arguments: [
        BadField("display_name", ""), BadField("display_name", .string(String(repeating: "n", count: 129))),
        BadField("description", "tab\there"), BadField("strategy", "random"), BadField("strategy", 1),
        BadField("targets", [:]), BadField("targets", ["x"], names: "targets[0]"),
        BadField("targets", [["provider": "p", "model": "m"]], names: "targets[0].id"),
        BadField("targets", [["id": "A", "provider": "p", "model": "m"]], names: "targets[0].id"),
        BadField("targets", [["id": "a", "model": "m"]], names: "targets[0].provider"),
        BadField("targets", [["id": "a", "provider": "p", "model": "m", "weight": -1]], names: "targets[0].weight"),
        BadField(
            "targets",
            [["id": "a", "provider": "p", "model": "m", "priority": 1001]],
            names: "targets[0].priority"
        ),
        BadField("targets", [["id": "a", "provider": "p", "model": "m", "tags": ["No"]]], names: "targets[0].tags"),
        BadField("targets", [["id": "a", "provider": "p", "model": "m", "url": "x"]], names: "targets[0].url"),
        BadField(
            "targets",
            [["id": "a", "provider": "p", "model": "m"], ["id": "a", "provider": "p", "model": "n"]],
            names: "targets[1].id"
        ),
        BadField("requirements", ["x": 1], names: "requirements.x"),
        BadField("requirements.capabilities", "hoped"), BadField("requirements.capabilities", true),
        BadField("attempts.max", 0), BadField("attempts.max", 11), BadField("attempts", 3),
        BadField("attempts", ["min": 1], names: "attempts.min"), BadField("timeouts.idle_ms", 0),
        BadField("cache", ["ttl": 1], names: "cache.ttl"), BadField("members", []),
    ])
    func `a wrong field is refused by its name`(_ bad: BadField) {
        let value = SpecSamples.setting(bad.path, to: bad.value, in: SpecSamples.group)
        let error = #expect(throws: JSONShapeError.self) { _ = try GroupSpec(value) }
        #expect(error?.field == bad.field)
    }

    @Test(arguments: GroupRecord.Strategy.allCases)
    func `a group says how targets are drawn, what they must have and how often to try`(
        _ strategy: GroupRecord.Strategy
    ) throws {
        let value: JSONValue = [
            "strategy": .string(strategy.rawValue), "targets": [], "requirements": ["capabilities": "proven"],
            "attempts": ["max": 2],
        ]
        let spec = try GroupSpec(value)
        #expect(try GroupSpec(spec.json) == spec)
        let record = spec.record(id: SpecSamples.slug("g"))
        #expect(record.strategy == strategy)
        #expect(record.proof == .proven)
        #expect(record.maximumAttempts == 2)
        #expect(GroupSpec(record) == spec)
    }

    @Test func `what a group does not say is declared and as the data plane has it`() throws {
        let spec = try GroupSpec(["targets": [], "requirements": ["capabilities": "declared"], "attempts": [:]])
        #expect(spec == GroupSpec(targets: []))
        #expect(spec.json["requirements"] == [:])
        #expect(spec.json["attempts"] == nil)
    }

    @Test func `too many targets are refused`() {
        let targets = (0...GroupSpec.maximumTargets).map {
            ["id": .string("t\($0)"), "provider": "p", "model": "m"] as JSONValue
        }
        #expect(throws: JSONShapeError.self) { _ = try GroupSpec(["targets": .array(targets)]) }
    }

    @Test func `a patch replaces the list of targets as a whole`() throws {
        let present = try GroupSpec(SpecSamples.group)
        let patched = try GroupSpec(patch: ["targets": [], "display_name": nil], over: present)
        #expect(patched.targets.isEmpty)
        #expect(patched.displayName == nil)
        #expect(patched.description == present.description)
    }
}
