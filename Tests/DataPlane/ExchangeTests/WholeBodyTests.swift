import Canonical
import Exchange
import Testing
import Wire

@Suite struct WholeBodyTests {
    private static func read(_ text: String) -> Result<JSONValue, TranslationRefusal> {
        do throws(TranslationRefusal) {
            return .success(try WholeBody.read(Array(text.utf8)))
        } catch {
            return .failure(error)
        }
    }

    @Test func `an object is read whole`() {
        #expect(WholeBodyTests.read(#"{"a":[1,"b"]}"#) == .success(["a": [1, "b"]]))
    }

    @Test(arguments: ["", "[]", "1", "{", "{}{}"])
    func `anything else is refused`(_ text: String) {
        #expect(WholeBodyTests.read(text) == .failure(TranslationRefusal("body", "must be a JSON object")))
    }

    @Test func `a body of very many values is refused with their number`() throws {
        // The object and the array count, too.
        let most = WholeBody.maximumValues - 2
        for (count, isRead) in [(most, true), (most + 1, false)] {
            let text = #"{"a":[\#(Array(repeating: "1", count: count).joined(separator: ","))]}"#
            switch WholeBodyTests.read(text) {
            case .success(let value): #expect(isRead && value["a"]?.arrayValue?.count == count)
            case .failure(let refusal): #expect(!isRead && refusal.message.contains("300000"))
            }
        }
    }
}
