/// The public part of a caller token, everything before its secret: `rtr_metrum_<user>_<project>_<env>_<key>`.
///
/// It names a token in logs, records and the admin API. Its fields are labels: authority comes from the record
/// found under it, never from its text.
package struct TokenID: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let deployment: Slug
    package let user: Slug
    package let project: Slug
    package let environment: Slug
    package let key: Slug

    package init(deployment: Slug, user: Slug, project: Slug, environment: Slug, key: Slug) {
        self.deployment = deployment
        self.user = user
        self.project = project
        self.environment = environment
        self.key = key
    }

    /// Nil when the text is not `rtr_` and five slugs, joined by `_`.
    package init?(_ text: String) {
        let fields = text.split(separator: "_", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "rtr", let deployment = Slug(fields[1]), let user = Slug(fields[2]),
            let project = Slug(fields[3]), let environment = Slug(fields[4]), let key = Slug(fields[5])
        else {
            return nil
        }
        self.init(deployment: deployment, user: user, project: project, environment: environment, key: key)
    }

    package var text: String {
        "rtr_\(self.deployment)_\(self.user)_\(self.project)_\(self.environment)_\(self.key)"
    }

    package var description: String { self.text }

    package static func < (left: TokenID, right: TokenID) -> Bool { left.text < right.text }
}
