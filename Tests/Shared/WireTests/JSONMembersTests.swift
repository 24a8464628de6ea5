import Testing
import Wire

@Suite struct JSONMembersTests {
    private func members(_ text: String, at path: String = "") throws -> JSONMembers {
        try JSONMembers(JSONReader.read(Array(text.utf8)), at: path)
    }

    private func problem(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? JSONShapeError)?.description ?? "another error"
        }
    }

    @Test func `members come as the type that is needed`() throws {
        var members = try self.members(
            #"{"s":"x","i":5,"b":true,"a":[1],"o":{"n":null},"t":["p","q"],"z":null}"#
        )
        #expect(try members.string("s") == "x")
        #expect(try members.int("i") == 5)
        #expect(try members.bool("b"))
        #expect(try members.array("a") == [1])
        #expect(try members.optionalStrings("t") == ["p", "q"])
        var object = try members.object("o")
        #expect(try object.optionalString("n") == nil)
        #expect(object.has("n") && !object.has("m"))
        #expect(try members.optionalInt("z") == nil)
        try members.refuseUnknown()
    }

    @Test func `errors name the member by its whole path`() throws {
        var members = try self.members(#"{"i":"5","n":1.5,"l":["a",1],"r":11,"nul":null}"#, at: "groups[2]")
        #expect(self.problem { _ = try members.int("i") } == "groups[2].i must be a whole number, not a string")
        #expect(self.problem { _ = try members.int("n") } == "groups[2].n must be a whole number, not a number")
        #expect(self.problem { _ = try members.string("gone") } == "groups[2].gone is missing")
        #expect(self.problem { _ = try members.string("nul") } == "groups[2].nul is missing")
        #expect(self.problem { _ = try members.optionalStrings("l") } == "groups[2].l[1] must be a string")
        #expect(
            self.problem { _ = try members.optionalInt("r", in: 0...10) } == "groups[2].r must be between 0 and 10"
        )
        #expect(self.problem { _ = try members.object("r") } == "groups[2].r must be an object, not a number")
        #expect(self.problem { _ = try members.optionalBool("r") } == "groups[2].r must be true or false, not a number")
    }

    @Test func `what was never asked for is unknown`() throws {
        var members = try self.members(#"{"a":1,"b":2}"#)
        _ = try members.int("a")
        #expect(self.problem { try members.refuseUnknown() } == "b is not a known field")
        #expect(members.all().map(\.name) == ["a", "b"])
        #expect(self.problem { try members.refuseUnknown() } == nil)
    }

    @Test func `a value that is no object is refused`() {
        #expect(self.problem { _ = try self.members("[]") } == "must be an object, not an array")
        #expect(self.problem { _ = try self.members("1", at: "x") } == "x must be an object, not a number")
    }
}
