/// Something of a caller's request that a target of another dialect cannot be told.
package struct Loss: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case dropped
        /// Sent in a form that means nearly the same.
        case approximated
    }

    package enum Place: Hashable, Sendable {
        /// A member of the caller's request, as a path with array indices left out.
        ///
        /// Such as `seed`, `tools.web_search`, `messages.content.cache_control`: see ``Loss/printable(_:)``.
        case member(String)
        /// For which the caller's dialect has a name that is still to be found.
        case part(RequestPart)
    }

    package let place: Place
    package let kind: Kind

    /// A member by its path; what of it does not fit a header is replaced.
    package init(_ field: String, _ kind: Kind = .dropped) {
        self.place = .member(Loss.printable(field))
        self.kind = kind
    }

    package init(_ part: RequestPart, _ kind: Kind = .dropped) {
        self.place = .part(part)
        self.kind = kind
    }

    /// The caller's member; of a part that was not named yet, a word of ours.
    package var field: String {
        switch self.place {
        case .member(let path): path
        case .part(.hosted(let type)): Loss.printable("hosted.\(type)")
        case .part(let part): Loss.printable("\(part)")
        }
    }

    /// The longest path in bytes; more of one is cut off.
    package static let maximumFieldLength = 160

    /// The path with `_` for all but letters, digits, `_`, `-`, `.` and brackets: callers choose some of the names.
    package static func printable(_ path: String) -> String {
        let fits = path.utf8.count <= Loss.maximumFieldLength && path.utf8.allSatisfy(Loss.isPrintable)
        guard !fits else { return path }
        let scalars = path.unicodeScalars.prefix(Loss.maximumFieldLength).map { scalar in
            scalar.isASCII && scalar.utf8.allSatisfy(Loss.isPrintable) ? scalar : "_"
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
