package import Administration

/// The use cases that the admin API offers.
package struct AdminServices: Sendable {
    package let authentication: AdminAuthentication
    package let providers: Providers
    package let models: Models
    package let attestations: Attestations
    package let validations: Validations
    package let groups: Groups
    package let tokens: Tokens
    package let admins: Admins
    package let apply: DeclarativeApply
    package let snapshots: Snapshots
    package let audit: AuditLog
    package let nodes: NodeDirectory
    package let enrolment: NodeEnrolment

    package init(
        authentication: AdminAuthentication,
        providers: Providers,
        models: Models,
        attestations: Attestations,
        validations: Validations,
        groups: Groups,
        tokens: Tokens,
        admins: Admins,
        apply: DeclarativeApply,
        snapshots: Snapshots,
        audit: AuditLog,
        nodes: NodeDirectory,
        enrolment: NodeEnrolment
    ) {
        self.authentication = authentication
        self.providers = providers
        self.models = models
        self.attestations = attestations
        self.validations = validations
        self.groups = groups
        self.tokens = tokens
        self.admins = admins
        self.apply = apply
        self.snapshots = snapshots
        self.audit = audit
        self.nodes = nodes
        self.enrolment = enrolment
    }
}
