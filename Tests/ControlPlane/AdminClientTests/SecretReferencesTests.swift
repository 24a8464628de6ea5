import Testing
import Wire

@testable import AdminClient

struct SecretReferencesTests {
    private func resolve(_ value: JSONValue) throws -> JSONValue {
        try SecretReferences.resolve(
            value,
            environment: { ["KEY": "from-environment", "EMPTY": ""][$0] },
            file: { ["/key": "from-file\n"][$0] }
        )
    }

    @Test func `a secret comes from the environment or a file, wherever the document has one`() throws {
        let document: JSONValue = [
            "providers": [
                "a": ["auth": ["scheme": "bearer", "secret": ["env": "KEY"]]],
                "b": ["auth": ["scheme": "bearer", "secret": ["file": "/key"]]],
                "c": ["auth": ["scheme": "bearer", "secret": "literal"]],
                "d": ["auth": ["secret": nil]],
            ]
        ]
        let resolved = try self.resolve(document)["providers"]
        #expect(resolved?["a"]?["auth"]?["secret"] == "from-environment")
        #expect(resolved?["b"]?["auth"]?["secret"] == "from-file")
        #expect(resolved?["c"]?["auth"]?["secret"] == "literal")
        #expect(resolved?["d"]?["auth"]?["secret"] == .null)
        #expect(try self.resolve(["auth": ["secret": ["env": "KEY"]]]) == ["auth": ["secret": "from-environment"]])
    }

    @Test func `nothing else is taken for a reference`() throws {
        let document: JSONValue = [
            "headers": ["env": "KEY"], "quirks": ["secret": ["env": "KEY"]], "list": [["env": "KEY"]],
        ]
        #expect(try self.resolve(document) == document)
    }

    @Test(
        arguments: [
            ["env": "NOBODY"], ["env": "EMPTY"], ["file": "/nothing"], ["env": "KEY", "file": "/key"], [:],
            ["vault": "x"],
            ["env": 1],
        ] as [JSONValue]
    )
    func `a reference that leads nowhere is named`(reference: JSONValue) {
        let error = #expect(throws: JSONShapeError.self) {
            try self.resolve(["providers": ["a": ["auth": ["secret": reference]]]])
        }
        #expect(error?.field.hasPrefix("providers.a.auth.secret") == true)
    }
}
