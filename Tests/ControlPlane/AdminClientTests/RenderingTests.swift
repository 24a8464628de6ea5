import Testing
import Wire

@testable import AdminClient

struct RenderingTests {
    @Test func `a table is as wide as its cells and has no blanks at the end`() {
        #expect(
            TextTable.render(["A", "LONG"], [["wide cell", "x"], ["y", ""]]) == "A          LONG\nwide cell  x\ny"
        )
        let page: JSONValue = ["data": [["id": "a", "inner": ["x": 1]]], "next_cursor": nil]
        #expect(Rendering.table(page, [("ID", "id"), ("X", "inner.x"), ("NO", "none")]) == "ID  X  NO\na   1  -")
        #expect(Rendering.table(["data": []], [("ID", "id")]) == "none")
    }

    @Test func `a record shows nested members by their path`() {
        #expect(
            Rendering.record(["id": "a", "auth": ["scheme": "none"], "list": []])
                == "id           a\nauth.scheme  none\nlist         -"
        )
    }

    @Test func `changes are marked by what they do`() {
        let answer: JSONValue = [
            "dry_run": false, "snapshot_version": 7,
            "changes": [
                ["action": "create", "kind": "group", "key": "a", "fields": []],
                [
                    "action": "update", "kind": "group", "key": "b",
                    "fields": [["field": "enabled", "before": true, "after": false]],
                ], ["action": "delete", "kind": "group", "key": "c", "fields": []],
            ],
        ]
        #expect(Rendering.outcome(answer) == "+ group a\n~ group b\n    enabled: true -> false\n- group c\nsnapshot 7")
        #expect(Rendering.outcome(["changes": [], "dry_run": true]) == "no changes")
    }

    @Test func `a stored text cannot draw on the terminal`() {
        #expect(Rendering.cell("a\u{1b}[2Jb") == "a?[2Jb")
    }
}
