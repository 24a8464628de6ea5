import Dialects
package import Identity

/// What a caller presents to say who it is, before anything is looked up.
package enum PresentedCredential: Sendable {
    /// Well-formed, with the right checksum.
    case token(CallerToken)
    /// Nothing, or something that no router token looks like.
    case none
    /// Two credentials that differ, or one header twice: whom to believe is not for us to guess.
    case contradictory

    package init(_ facts: borrowing HeadFacts) {
        guard facts.authorizations.count <= 1, facts.apiKeys.count <= 1 else {
            self = .contradictory
            return
        }
        let bearer = facts.authorizations.first.flatMap(PresentedCredential.bearer)
        // Clients with a setting for each send the one that is not set as nothing.
        let key = facts.apiKeys.first.flatMap { $0.isEmpty ? nil : $0 }
        if let bearer, let key, bearer != key {
            self = .contradictory
            return
        }
        guard let text = bearer ?? key, let token = CallerToken(text) else {
            self = .none
            return
        }
        self = .token(token)
    }

    /// The credential of `Bearer …`; the scheme's case does not count (RFC 9110 §11.1).
    private static func bearer(_ value: String) -> String? {
        let scheme: StaticString = "bearer "
        let length = scheme.utf8CodeUnitCount
        let bytes = value.utf8Span.span
        guard bytes.count > length else { return nil }
        let isBearer = scheme.withUTF8Buffer { wanted in
            for index in 0..<length where unsafe bytes[index] | 0x20 != wanted[index] { return false }
            return true
        }
        guard isBearer else { return nil }
        var start = length
        while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
        return String(value.utf8.dropFirst(start))
    }
}
