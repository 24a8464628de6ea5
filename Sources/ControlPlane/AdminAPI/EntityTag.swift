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
    ) throws(JSONShapeError) -> WritePrecondition {
        let match = headers[values: .ifMatch]
        let noneMatch = headers[values: .ifNoneMatch]
        guard !match.isEmpty || !noneMatch.isEmpty else { return .none }
        guard isTaken else { throw JSONShapeError(field: "if-match", problem: "means nothing for this request") }
        guard match.isEmpty || noneMatch.isEmpty else {
            throw JSONShapeError(field: "if-match", problem: "cannot be sent together with if-none-match")
        }
        if let text = noneMatch.first {
            guard noneMatch.count == 1, text == "*" else {
                throw JSONShapeError(field: "if-none-match", problem: "must be *")
            }
            return .absent
        }
        guard match.count == 1, let text = match.first else {
            throw JSONShapeError(field: "if-match", problem: "must be one entity tag")
        }
        if text == "*" { return .exists }
        let digits = text.dropFirst().dropLast()
        guard text.utf8.count >= 3, text.hasPrefix("\""), text.hasSuffix("\""), let revision = Int(digits),
            String(revision) == digits
        else { throw JSONShapeError(field: "if-match", problem: "must be an entity tag such as \"7\"") }
        return .revision(revision)
    }
}
