package import Identity

/// A recorded shape of a provider's stream: the bytes of its body from the first to the last.
package struct StreamFixture: Sendable, CustomStringConvertible {
    /// How lines end.
    package enum LineEnd: String, Sendable, CaseIterable {
        case lf = "\n"
        case crlf = "\r\n"
        case cr = "\r"
    }

    package let dialect: Dialect
    package let name: String
    package let bytes: [UInt8]

    package init(dialect: Dialect, name: String, bytes: [UInt8]) {
        self.dialect = dialect
        self.name = name
        self.bytes = bytes
    }

    package var description: String { "\(self.dialect.rawValue)/\(self.name)" }

    /// The fixtures `streams/<dialect>/*.sse` of a folder, by dialect and name.
    package static func all(in folder: FixtureFolder) -> [StreamFixture] {
        Dialect.allCases.sorted().flatMap { dialect in
            folder.names(in: "streams/\(dialect.rawValue)", endingWith: ".sse").compactMap { name in
                (try? folder.bytes(of: "streams/\(dialect.rawValue)/\(name).sse")).map {
                    StreamFixture(dialect: dialect, name: name, bytes: $0)
                }
            }
        }
    }

    /// The same stream with lines that end otherwise; fixtures are kept with LF.
    package func ending(with end: LineEnd) -> StreamFixture {
        let bytes = self.bytes.flatMap { $0 == 0x0a ? Array(end.rawValue.utf8) : [$0] }
        return StreamFixture(dialect: self.dialect, name: "\(self.name) (\(end))", bytes: bytes)
    }
}
