import Canonical
import Testing
import Wire

@testable import Dialects

@Suite struct RequestFieldsTests {
    private static let body: JSONValue = [
        "model": "m", "stream": true, "top_p": 1, "max": 3, "stop": ["a"], "options": ["deep": 1], "nothing": nil,
    ]

    private static func refusal(
        at path: String = "",
        _ read: (inout RequestFields) throws(TranslationRefusal) -> Void
    ) throws -> TranslationRefusal {
        try #require(throws: TranslationRefusal.self) {
            var fields = try RequestFields(RequestFieldsTests.body, at: path)
            try read(&fields)
        }
    }

    @Test func `members of the right type are read`() throws {
        var fields = try RequestFields(RequestFieldsTests.body, at: "")
        #expect(try fields.requiredString("model") == "m")
        #expect(try fields.bool("stream") == true)
        #expect(try fields.number("top_p") == JSONNumber(1))
        #expect(try fields.int("max", atLeast: 3) == 3)
        #expect(try fields.array("stop") == ["a"])
        #expect(try fields.fields("options")?.path == "options")
    }

    @Test func `null and missing are the same`() throws {
        var fields = try RequestFields(RequestFieldsTests.body, at: "")
        #expect(try fields.string("nothing") == nil)
        #expect(try fields.string("missing") == nil)
        #expect(
            try RequestFieldsTests.refusal { fields throws(TranslationRefusal) in
                _ = try fields.requiredString("nothing")
            } == TranslationRefusal("nothing", "is required")
        )
    }

    @Test func `what nobody asked for is left over, in order and without nulls`() throws {
        var fields = try RequestFields(RequestFieldsTests.body, at: "")
        _ = try fields.string("model")
        _ = fields.value("top_p")
        #expect(fields.unread == ["stream", "max", "stop", "options"])
    }

    @Test func `a wrong type is refused by its path`() throws {
        let wrong = try RequestFieldsTests.refusal(at: "messages[3]") { fields throws(TranslationRefusal) in
            _ = try fields.string("stream")
        }
        #expect(wrong == TranslationRefusal("messages[3].stream", "must be a string, not a boolean"))
        for type in ["bool", "number", "int", "array", "object"] {
            let refusal = try RequestFieldsTests.refusal { fields throws(TranslationRefusal) in
                switch type {
                case "bool": _ = try fields.bool("model")
                case "number": _ = try fields.number("model")
                case "int": _ = try fields.int("model", atLeast: 0)
                case "array": _ = try fields.array("model")
                default: _ = try fields.fields("model")
                }
            }
            #expect(refusal.field == "model")
            #expect(refusal.code == .invalidRequest)
        }
    }

    @Test func `a number below the least is refused`() throws {
        let refusal = try RequestFieldsTests.refusal { fields throws(TranslationRefusal) in
            _ = try fields.int("max", atLeast: 4)
        }
        #expect(refusal == TranslationRefusal("max", "must be a whole number of at least 4"))
    }

    @Test func `a body that is no object is refused`() throws {
        let refusal = try #require(throws: TranslationRefusal.self) { try RequestFields([1], at: "") }
        #expect(refusal == TranslationRefusal("body", "must be an object, not an array"))
        let inner = try #require(throws: TranslationRefusal.self) { try RequestFields("x", at: "tools[0]") }
        #expect(inner.field == "tools[0]")
    }

    @Test func `what no other dialect has is told apart from what is wrong`() throws {
        let fields = try RequestFields(RequestFieldsTests.body, at: "")
        #expect(fields.unsupported("n", "only one answer is given").code == .unsupportedParameter)
    }
}
