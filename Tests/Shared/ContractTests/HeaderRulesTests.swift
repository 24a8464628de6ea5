import Contract
import Testing

@Suite struct HeaderRulesTests {
    @Test(arguments: [
        ("x-team", "blue"), ("anthropic-version", "2023-06-01"), ("x", ""), ("a!#$%&'*+-.^_`|~1", "v"),
        ("x-a", "a b\tc"), ("x-a", String(repeating: "v", count: 1024)),
    ])
    func `a plain header may be added`(name: String, value: String) {
        #expect(HeaderRules.isAllowed(name: name, value: value))
    }

    @Test(arguments: [
        ("", "v"), ("X-Team", "v"), ("x team", "v"), ("x:team", "v"), ("x\n", "v"), ("é", "v"), ("x\u{0}", "v"),
        ("x-a", "a\r\nb: c"), ("x-a", "a\nb"), ("x-a", "a\u{0}"), ("x-a", "é"), ("x-a", "\u{7f}"),
        ("x-a", String(repeating: "v", count: 1025)), (String(repeating: "x", count: 65), "v"),
        ("\u{212a}", "v"),
    ])
    func `a header that could break framing or hide something may not`(name: String, value: String) {
        #expect(!HeaderRules.isAllowed(name: name, value: value))
    }

    @Test func `what framing, authentication and the gateway own may not be added`() {
        for name in HeaderRules.reserved { #expect(!HeaderRules.isAllowed(name: name, value: "v"), "\(name)") }
        #expect(HeaderRules.reserved.isSuperset(of: ["host", "content-length", "authorization", "x-api-key"]))
    }
}
