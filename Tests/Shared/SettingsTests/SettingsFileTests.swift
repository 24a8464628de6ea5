import Settings
import Testing

@Suite struct SettingsFileTests {
    @Test func `names and values are read`() throws {
        let text = """
            # a comment
            A=1

              B_2 = two words\t
            C="quoted # not a comment"
            D='single'
            E=
            F=a=b
            G="
            H="a'
            _I=x # kept
            """
        let expected = [
            "A": "1", "B_2": "two words", "C": "quoted # not a comment", "D": "single", "E": "", "F": "a=b", "G": "\"",
            "H": "\"a'", "_I": "x # kept",
        ]
        #expect(try SettingsFile.parse(text) == expected)
        #expect(try SettingsFile.parse(text.split(separator: "\n").joined(separator: "\r\n")) == expected)
        #expect(try SettingsFile.parse("").isEmpty)
        #expect(try SettingsFile.parse("A=é€😀") == ["A": "é€😀"])
    }

    @Test func `all problems are reported with their lines and without values`() {
        let text = "A=1\nnonsense\nexport B=2\n1C=canary\nA=canary\n=x\n\u{FEFF}D=1\ne=1"
        do throws(SettingsError) {
            _ = try SettingsFile.parse(text)
            Issue.record("accepted")
        } catch {
            #expect(
                error.problems.map(\.description) == [
                    "line 2 in the settings file must be NAME=value",
                    "line 3 in the settings file must begin with a name of A-Z, 0-9 and _",
                    "line 4 in the settings file must begin with a name of A-Z, 0-9 and _",
                    "line 5 in the settings file gives A a second time",
                    "line 6 in the settings file must begin with a name of A-Z, 0-9 and _",
                    "line 7 in the settings file must begin with a name of A-Z, 0-9 and _",
                    "line 8 in the settings file must begin with a name of A-Z, 0-9 and _",
                ]
            )
            #expect(!error.description.contains("canary"))
        }
    }
}
