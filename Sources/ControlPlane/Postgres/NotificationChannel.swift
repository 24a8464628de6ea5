/// The name of a channel of LISTEN and NOTIFY: `a-z` and `_`, 1 to 63 characters, written in the source.
package struct NotificationChannel: Hashable, Sendable {
    package let name: String

    package init(_ name: StaticString) {
        let text = name.description
        precondition(
            (1...63).contains(text.utf8.count)
                && text.utf8.allSatisfy {
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
                },
            "a channel is named with a-z and _"
        )
        self.name = text
    }

    /// Tells every listener, when and if the transaction commits.
    package func notify(_ payload: String) -> Statement {
        Statement("SELECT pg_notify($1, $2)", .text(self.name), .text(payload))
    }
}
