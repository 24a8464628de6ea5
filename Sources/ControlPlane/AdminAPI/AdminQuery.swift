import Administration
import Catalog
import Identity
import Wire

/// The query of a request, strictly: known names, each once, each with a value.
struct AdminQuery: Sendable {
    private let values: [String: String]

    static let defaultLimit = 100

    /// Throws for a name that is not `allowed` or occurs twice.
    init(_ text: String?, allowed: [AdminParameter]) throws(AdministrationError) {
        var values: [String: String] = [:]
        for pair in (text ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.map(String.init), allowed.contains(where: { $0.name == name }) else {
                throw AdminQuery.bad("query", "holds a parameter that this path does not have")
            }
            guard values[name] == nil else { throw AdminQuery.bad(name, "occurs twice") }
            values[name] = parts.count == 2 ? String(parts[1]) : ""
        }
        self.values = values
    }

    /// True for `true`, false for `false` and when missing.
    func flag(_ parameter: AdminParameter) throws(AdministrationError) -> Bool {
        switch self.values[parameter.name] {
        case nil, "false"?: return false
        case "true"?: return true
        default: throw AdminQuery.bad(parameter.name, "must be true or false")
        }
    }

    func limit(in range: ClosedRange<Int>) throws(AdministrationError) -> Int {
        try self.number(.limit, in: range) ?? AdminQuery.defaultLimit
    }

    func number(_ parameter: AdminParameter, in range: ClosedRange<Int>) throws(AdministrationError) -> Int? {
        guard let text = self.values[parameter.name] else { return nil }
        guard let number = Int(text), range.contains(number), String(number) == text else {
            throw AdminQuery.bad(
                parameter.name,
                "must be a whole number between \(range.lowerBound) and \(range.upperBound)"
            )
        }
        return number
    }

    /// A name to look for; nil when missing.
    func slug(_ parameter: AdminParameter) throws(AdministrationError) -> Slug? {
        guard let text = self.values[parameter.name] else { return nil }
        guard let slug = Slug(text) else { throw AdminQuery.bad(parameter.name, "must match \(Slug.grammar)") }
        return slug
    }

    func cursor() throws(AdministrationError) -> PageCursor? {
        guard let text = self.values[AdminParameter.cursor.name] else { return nil }
        guard let cursor = PageCursor(text: text) else {
            throw AdminQuery.bad(AdminParameter.cursor.name, "is not one that a list gave out")
        }
        return cursor
    }

    private static func bad(_ parameter: String, _ problem: String) -> AdministrationError {
        .badParameter(JSONShapeError(field: parameter, problem: problem))
    }
}
