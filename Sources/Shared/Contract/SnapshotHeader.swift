package import Identity
package import Wire

/// What is signed about a snapshot: whose it is, where it stands in the order, and the hash of its body.
package struct SnapshotHeader: Hashable, Sendable {
    package struct Counts: Hashable, Sendable {
        package var providers: Int
        package var models: Int
        package var groups: Int
        package var tokens: Int

        package init(_ body: SnapshotBody) {
            self.providers = body.providers.count
            self.models = body.models.count
            self.groups = body.groups.count
            self.tokens = body.tokens.count
        }

        init(_ members: consuming JSONMembers) throws(JSONShapeError) {
            self.providers = try members.int("providers")
            self.models = try members.int("models")
            self.groups = try members.int("groups")
            self.tokens = try members.int("tokens")
        }
    }

    /// A new major number is refused by data planes that do not know it; a new minor one only adds members.
    package static let schemaMajor = 1
    /// 1 since tokens have `strict`; 2 since models have `evidence`, and groups `proof` and `max_attempts`;
    /// 3 since attested `evidence` has what was `probed`.
    package static let schemaMinor = 3
    /// The most that a body may have uncompressed.
    package static let maximumRawBytes = 256 * 1024 * 1024

    package var schemaMajor: Int
    package var schemaMinor: Int
    package var clusterID: String
    package var version: SnapshotVersion
    /// The envelope of the version before, zeros for the first.
    package var previousSHA256: Digest
    /// Of the compressed body, as it travels.
    package var bodySHA256: Digest
    package var bodyLength: Int
    /// Of the body before compression.
    package var rawLength: Int
    /// Milliseconds since 1970.
    package var issuedAt: Int
    /// Milliseconds since 1970; nil means never.
    package var expiresAt: Int?
    /// The program and version that made it.
    package var builtBy: String
    /// Features that a data plane must know to serve it rightly.
    package var features: [String]
    package var counts: Counts

    package init(
        clusterID: String,
        version: SnapshotVersion,
        previousSHA256: Digest,
        bodySHA256: Digest,
        bodyLength: Int,
        rawLength: Int,
        issuedAt: Int,
        expiresAt: Int? = nil,
        builtBy: String,
        features: [String] = [],
        counts: Counts
    ) {
        self.schemaMajor = SnapshotHeader.schemaMajor
        self.schemaMinor = SnapshotHeader.schemaMinor
        self.clusterID = clusterID
        self.version = version
        self.previousSHA256 = previousSHA256
        self.bodySHA256 = bodySHA256
        self.bodyLength = bodyLength
        self.rawLength = rawLength
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.builtBy = builtBy
        self.features = features
        self.counts = counts
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["schema"] = ["major": .int(self.schemaMajor), "minor": .int(self.schemaMinor)]
        object["cluster_id"] = .string(self.clusterID)
        object["epoch"] = .int(self.version.epoch)
        object["version"] = .int(self.version.number)
        object["previous_sha256"] = .string(self.previousSHA256.hex)
        object["body_sha256"] = .string(self.bodySHA256.hex)
        object["body_length"] = .int(self.bodyLength)
        object["raw_length"] = .int(self.rawLength)
        object["encoding"] = "gzip"
        object["issued_at"] = .int(self.issuedAt)
        object["expires_at"] = self.expiresAt.map { .int($0) }
        object["built_by"] = .string(self.builtBy)
        object["features"] = .array(self.features.map { .string($0) })
        object["counts"] = [
            "providers": .int(self.counts.providers), "models": .int(self.counts.models),
            "groups": .int(self.counts.groups), "tokens": .int(self.counts.tokens),
        ]
        return .object(object)
    }

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        var schema = try members.object("schema")
        self.schemaMajor = try schema.int("major")
        self.schemaMinor = try schema.int("minor")
        self.clusterID = try members.string("cluster_id")
        let epoch = try members.int("epoch")
        let number = try members.int("version")
        guard epoch >= 1, number >= 1 else { throw members.error("version", "must be positive") }
        self.version = SnapshotVersion(epoch: epoch, number: number)
        self.previousSHA256 = try members.digest("previous_sha256")
        self.bodySHA256 = try members.digest("body_sha256")
        self.bodyLength = try members.int("body_length")
        self.rawLength = try members.int("raw_length")
        guard try members.string("encoding") == "gzip" else { throw members.error("encoding", "must be gzip") }
        self.issuedAt = try members.int("issued_at")
        self.expiresAt = try members.optionalInt("expires_at")
        self.builtBy = try members.string("built_by")
        self.features = try members.optionalStrings("features") ?? []
        self.counts = try Counts(try members.object("counts"))
    }
}
