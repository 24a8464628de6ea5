import Canonical
import Identity
import Testing
import Wire

@testable import Dialects

@Suite struct ToolAliasesTests {
    private static func function(_ name: String, in namespace: String? = nil) -> ToolDefinition {
        ToolDefinition(ToolName(name, namespace: namespace), kind: .function(parameters: [:], strict: nil))
    }

    @Test func `a sound name is its own alias`() throws {
        let aliases = try ToolAliases([ToolAliasesTests.function("read_file-2")])
        #expect(ToolAliases.wireName(ToolName("read_file-2")) == "read_file-2")
        #expect(aliases.original(of: "read_file-2").name == ToolName("read_file-2"))
    }

    @Test func `a namespace is joined on the wire and parted on the way back`() throws {
        let aliases = try ToolAliases([ToolAliasesTests.function("search", in: "mcp__docs")])
        #expect(ToolAliases.wireName(ToolName("search", namespace: "mcp__docs")) == "mcp__docs__search")
        #expect(aliases.original(of: "mcp__docs__search").name == ToolName("search", namespace: "mcp__docs"))
    }

    @Test func `kinds come back with names`() throws {
        let aliases = try ToolAliases([
            ToolDefinition(ToolName("apply_patch"), kind: .custom(format: nil)),
            ToolDefinition(ToolName("tool_search"), kind: .toolSearch(parameters: nil)),
        ])
        #expect(aliases.original(of: "apply_patch").kind == .custom)
        #expect(aliases.original(of: "tool_search").kind == .toolSearch)
    }

    @Test func `a name that no tool has is kept as a function`() throws {
        let original = try ToolAliases([]).original(of: "made_up")
        #expect(original == ToolAliases.Original(name: ToolName("made_up"), kind: .function))
    }

    @Test func `64 characters are sound and 65 are not`() {
        let longest = String(repeating: "a", count: 64)
        #expect(ToolAliases.wireName(ToolName(longest)) == longest)
        let alias = ToolAliases.wireName(ToolName(longest + "a"))
        #expect(alias.utf8.count == 64)
        #expect(alias.hasPrefix(String(repeating: "a", count: 55) + "_"))
    }

    @Test(arguments: ["", "a.b", "größe", "a b", "名前", "🙂", "a\nb"])
    func `an odd name gets a sound alias, always the same`(_ name: String) throws {
        let alias = ToolAliases.wireName(ToolName(name))
        #expect(alias == ToolAliases.wireName(ToolName(name)))
        #expect(alias.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil)
        #expect(try ToolAliases([ToolAliasesTests.function(name)]).original(of: alias).name == ToolName(name))
    }

    @Test func `names with the same beginning have different aliases`() {
        let beginning = String(repeating: "mcp__plugin_", count: 8)
        let names = (0..<500).map { ToolAliases.wireName(ToolName("\(beginning)\($0)")) }
        #expect(Set(names).count == names.count)
    }

    @Test func `two tools with one name on the wire are refused by both names`() throws {
        let refusal = try #require(throws: TranslationRefusal.self) {
            try ToolAliases([
                ToolAliasesTests.function("b__c", in: "a"), ToolAliasesTests.function("c", in: "a__b"),
            ])
        }
        #expect(refusal.field == "tools")
        #expect(refusal.message.contains("`a.b__c`") && refusal.message.contains("`a__b.c`"))
    }

    @Test func `the same tool twice is no collision`() throws {
        _ = try ToolAliases([ToolAliasesTests.function("a"), ToolAliasesTests.function("a")])
    }

    @Test func `hosted tools have no alias`() throws {
        let aliases = try ToolAliases([
            ToolDefinition(ToolName("search"), kind: .hosted(.openAIResponses, type: "web_search", [:])),
            ToolAliasesTests.function("search"),
        ])
        #expect(aliases.original(of: "search").kind == .function)
    }

    @Test func `ids that every provider takes are kept and others are hashed`() {
        #expect(ToolAliases.wireID("toolu_01A-b") == "toolu_01A-b")
        let odd = ToolAliases.wireID("functions.read:0")
        #expect(odd.wholeMatch(of: /call_[0-9a-f]{8}/) != nil)
        #expect(odd != ToolAliases.wireID("functions.read:1"))
        #expect(ToolAliases.wireID("").wholeMatch(of: /call_[0-9a-f]{8}/) != nil)
    }

    @Test func `an id that not every provider takes has another alias in each answer`() {
        #expect(ToolAliases.callerID("toolu_01A-b", ofRequest: "r-1") == "toolu_01A-b")
        let odd = ToolAliases.callerID("functions.read:0", ofRequest: "r-1")
        #expect(odd.wholeMatch(of: /call_[0-9a-f]{8}/) != nil)
        #expect(odd == ToolAliases.callerID("functions.read:0", ofRequest: "r-1"))
        #expect(odd != ToolAliases.callerID("functions.read:0", ofRequest: "r-2"))
    }
}
