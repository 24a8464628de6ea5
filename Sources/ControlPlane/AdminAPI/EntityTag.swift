import Administration
import HTTPTypes
import Wire

/// Revisions of resources as entity tags: `"7"` (RFC 9110 §8.8.3).
enum EntityTag {
    static func text(of revision: Int) -> String { "\"\(revision)\"" }

    /// Reads `If-Match` and `If-None-Match`; only one tag, or `*`, makes sense for a write.
    static func precondition(
        _ headers: HTTPFields,
        isTaken: Bool
    ) throws(AdministrationError) -> WritePrecondition {
        let match = headers[values: .ifMatch]
        let noneMatch = headers[values: .ifNoneMatch]
        guard !match.isEmpty || !noneMatch.isEmpty else { return .none }
        guard isTaken else { throw EntityTag.bad("if-match", "means nothing for this request") }
        guard match.isEmpty || noneMatch.isEmpty else {
            throw EntityTag.bad("if-match", "cannot be sent together with if-none-match")
        }
        if let text = noneMatch.first {
            guard noneMatch.count == 1, text == "*" else { throw EntityTag.bad("if-none-match", "must be *") }
            return .absent
        }
        guard match.count == 1, let text = match.first else {
            throw EntityTag.bad("if-match", "must be one entity tag")
        }
        if text == "*" { return .exists }
        let digits = text.dropFirst().dropLast()
        guard text.utf8.count >= 3, text.hasPrefix("\""), text.hasSuffix("\""), let revision = Int(digits),
            String(revision) == digits
        else { throw EntityTag.bad("if-match", "must be an entity tag such as \"7\"") }
        return .revision(revision)
    }

    private static func bad(_ header: String, _ problem: String) -> AdministrationError {
        .badParameter(JSONShapeError(field: header, problem: problem))
    }
}
