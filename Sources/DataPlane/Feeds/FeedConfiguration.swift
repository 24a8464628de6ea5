package import Contract
package import Identity

/// How a node finds its control planes and what it does with what they say.
package struct FeedConfiguration: Sendable {
    /// Base URLs of the control planes' node listener, asked in turn: `https://control-1.example:8091`.
    package var controlPlanes: [String]
    /// Where keys and snapshots rest; created with mode 0700.
    package var directory: String
    /// What operators call this node.
    package var nodeName: Slug
    /// The invitation, needed once; ignored when the node is a member already.
    package var joinToken: Secret?
    /// Path of a PEM bundle that replaces the system's certificate authorities.
    package var certificateAuthorities: String?
    /// The program and version, as the control plane shows it.
    package var builtBy: String
    /// Milliseconds for which a snapshot must be served before it counts as good.
    package var bake: Int
    /// Between polls that fail.
    package var backoff: Backoff
    /// What the control planes are told of how targets fare, at each poll.
    package var targets: @Sendable () -> [TargetHealth]

    package init(
        controlPlanes: [String],
        directory: String,
        nodeName: Slug,
        joinToken: Secret? = nil,
        certificateAuthorities: String? = nil,
        builtBy: String,
        bake: Int = 60_000,
        backoff: Backoff = Backoff(),
        targets: @escaping @Sendable () -> [TargetHealth] = { [] }
    ) {
        self.controlPlanes = controlPlanes
        self.directory = directory
        self.nodeName = nodeName
        self.joinToken = joinToken
        self.certificateAuthorities = certificateAuthorities
        self.builtBy = builtBy
        self.bake = bake
        self.backoff = backoff
        self.targets = targets
    }
}
