import Catalog
import Identity
import Testing
import Wire

struct AdminTests {
    @Test func `roles rise from viewer to admin`() {
        #expect(AdminRole.viewer < .operator)
        #expect(AdminRole.operator < .admin)
    }

    @Test(arguments: [
        BadField("id", nil), BadField("id", "A"), BadField("id", "validator"), BadField("id", "control-plane"),
        BadField("role", nil), BadField("role", "root"), BadField("role", 1),
        BadField("description", ""), BadField("expires_at", "2025-01-01T00:00:00Z"), BadField("expires_at", "soon"),
        BadField("token", "x"),
    ])
    func `a wrong field is refused by its name`(_ bad: BadField) {
        let valid: JSONValue = [
            "id": "root", "role": "admin", "description": "first", "expires_at": "2027-01-01T00:00:00Z",
        ]
        let value = SpecSamples.setting(bad.path, to: bad.value, in: valid)
        let error = #expect(throws: JSONShapeError.self) { _ = try AdminCreation(value, now: SpecSamples.now) }
        #expect(error?.field == bad.field)
    }

    @Test func `an issued token is recognised and its damage is not`() throws {
        var byte: UInt8 = 0
        let token = AdminToken.issue(for: SpecSamples.slug("root")) {
            byte &+= 37
            return byte
        }
        let text = token.withExposedText { $0 }
        #expect(AdminToken(text)?.id.text == "root")
        for index in text.indices {
            var damaged = text
            damaged.replaceSubrange(index...index, with: text[index] == "x" ? "y" : "x")
            #expect(AdminToken(damaged) == nil, "\(damaged)")
            #expect(AdminToken(String(text[..<index])) == nil)
        }
    }

    @Test func `an administrator's token and a caller's are never taken for each other`() throws {
        var byte: UInt8 = 0
        func next() -> UInt8 {
            byte &+= 41
            return byte
        }
        let admin = AdminToken.issue(for: SpecSamples.slug("root"), randomByte: next).withExposedText { $0 }
        let caller = CallerToken.issue(for: SpecSamples.tokenID("alice"), randomByte: next).withExposedText { $0 }
        #expect(CallerToken(admin) == nil)
        #expect(AdminToken(caller) == nil)
    }
}
