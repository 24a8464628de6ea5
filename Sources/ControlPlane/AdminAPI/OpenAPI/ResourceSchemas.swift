import Catalog
import Contract
import Identity
import Wire

/// The schemas of everything that is sent and answered, by name.
enum ResourceSchemas {
    static let all: [(String, JSONValue)] =
        ResourceSchemas.common + ResourceSchemas.configuration + ResourceSchemas.evidence + ResourceSchemas.tokens
        + ResourceSchemas.operation

    private typealias Property = (String, JSONValue)

    private static let dialectNames = Dialect.allCases.map(\.rawValue)

    private static func byDialect(_ value: JSONValue) -> JSONValue {
        Schema.object(ResourceSchemas.dialectNames.map { ($0, value) })
    }

    /// What the store adds to a resource; requests may carry it and it is passed over.
    private static let history: [Property] = [
        ("revision", Schema.integer(1...Int.max, "what If-Match compares, as the ETag \"<revision>\"")),
        ("created_at", Schema.time()), ("updated_at", Schema.time()),
    ]
    private static let snapshotVersion: Property = (
        "snapshot_version", Schema.orNull(Schema.integer(1...Int.max, "the snapshot that contains the write"))
    )
    private static let historyNames = ["revision", "created_at", "updated_at"]

    private static let common: [Property] = [
        (
            "Error",
            Schema.object(
                [
                    (
                        "error",
                        Schema.object(
                            [
                                ("code", Schema.text("stable")), ("message", Schema.text("for people")),
                                ("field", Schema.text("the field that is to blame")), ("request_id", Schema.text()),
                            ],
                            required: ["code", "message", "request_id"]
                        )
                    )
                ],
                required: ["error"]
            )
        ),
        (
            "FieldChange",
            Schema.object(
                [("field", Schema.text()), ("before", Schema.anything), ("after", Schema.anything)],
                required: ["field", "before", "after"]
            )
        ),
        (
            "Change",
            Schema.object(
                [
                    ("action", Schema.choice(ResourceChange.Action.allCases.map(\.rawValue))),
                    ("kind", Schema.choice(ResourceKind.allCases.map(\.rawValue))), ("key", Schema.text()),
                    ("fields", Schema.array(of: Schema.reference("FieldChange"))),
                ],
                required: ["action", "kind", "key", "fields"]
            )
        ),
        (
            "Changes",
            Schema.object(
                [
                    ("dry_run", Schema.boolean("true when nothing was changed")),
                    ("changes", Schema.array(of: Schema.reference("Change"))), ResourceSchemas.snapshotVersion,
                ],
                required: ["dry_run", "changes", "snapshot_version"]
            )
        ),
        (
            "Deleted",
            Schema.object(
                [("deleted", Schema.boolean()), ResourceSchemas.snapshotVersion],
                required: ["deleted"]
            )
        ),
        ("Status", Schema.object([("status", Schema.text())], required: ["status"])),
        ("OpenAPI", Schema.map(of: Schema.anything, "this document")),
        ("Empty", Schema.empty),
    ]

    private static let timeouts = Schema.object(
        ["connect_ms", "first_byte_ms", "idle_ms", "total_ms"].map { ($0, Schema.integer(TimeoutRecord.range)) }
    )

    private static func auth(_ isAnswer: Bool) -> JSONValue {
        var properties: [Property] = [
            ("scheme", Schema.choice(ProviderRecord.Authentication.allCases.map(\.rawValue)))
        ]
        if !isAnswer {
            properties.append(
                (
                    "secret",
                    Schema.orNull(
                        Schema.text(
                            "never answered; missing keeps the present one, null removes it",
                            maximum: ProviderSpec.maximumSecretBytes
                        )
                    )
                )
            )
        }
        properties += [("secret_set", Schema.boolean()), ("secret_revision", Schema.integer(0...Int.max))]
        return Schema.object(properties, required: isAnswer ? properties.map(\.0) : ["scheme"])
    }

    private static func provider(_ isAnswer: Bool) -> [Property] {
        [
            ("id", Schema.slug),
            ("base_url", Schema.text("http or https; a /v1 at its end counts once", maximum: 2048)),
            (
                "dialects",
                ResourceSchemas.byDialect(
                    Schema.object([
                        ("path", Schema.text("behind the base URL, with a query or not; missing means the usual one"))
                    ])
                )
            ),
            ("auth", ResourceSchemas.auth(isAnswer)),
            ("headers", Schema.map(of: Schema.text(maximum: 1024), "added to every request to it")),
            ("timeouts", ResourceSchemas.timeouts), ("shape", Schema.empty), ("region", Schema.text(maximum: 64)),
            ("enabled", Schema.boolean()),
            ("allow_private_network", Schema.boolean("http, and private, loopback and link-local addresses")),
        ] + ResourceSchemas.history + [ResourceSchemas.snapshotVersion]
    }

    private static let model: [Property] =
        [
            ("id", Schema.slug), ("provider", Schema.slug),
            ("upstream_model", Schema.text("the provider's own id", maximum: 256)),
            ("context_tokens", Schema.integer(ModelSpec.tokenRange)),
            ("max_output_tokens", Schema.integer(ModelSpec.tokenRange)),
            (
                "declared",
                ResourceSchemas.byDialect(
                    Schema.object([
                        ("input_modalities", Schema.array(of: Schema.text())), ("tools", Schema.boolean()),
                        ("parallel_tools", Schema.boolean()), ("structured_output", Schema.boolean()),
                        ("reasoning", Schema.boolean()),
                    ])
                )
            ),
            ("quirks", Schema.map(of: ["type": ["string", "boolean", "integer"]])),
        ] + ResourceSchemas.history + [ResourceSchemas.snapshotVersion]

    private static let target = Schema.object(
        [
            ("id", Schema.slug), ("provider", Schema.slug), ("model", Schema.slug),
            ("weight", Schema.integer(TargetRecord.weightRange)),
            ("priority", Schema.integer(TargetRecord.priorityRange, "lower is tried first")),
            ("enabled", Schema.boolean()), ("tags", Schema.array(of: Schema.slug)),
        ],
        required: ["id", "provider", "model"]
    )

    private static let group: [Property] =
        [
            ("id", Schema.slug), ("display_name", Schema.text(maximum: 128)),
            ("description", Schema.text(maximum: 1024)),
            ("strategy", Schema.choice(GroupRecord.Strategy.allCases.map(\.rawValue))),
            ("targets", Schema.array(of: ResourceSchemas.target)),
            (
                "requirements",
                Schema.object([
                    (
                        "capabilities",
                        Schema.choice(
                            GroupRecord.Proof.allCases.map(\.rawValue),
                            "what a target needs for all but images, which are always proven; declared is the default"
                        )
                    )
                ])
            ),
            (
                "attempts",
                Schema.object([
                    ("max", Schema.integer(GroupRecord.attemptRange, "on how many targets one request is tried"))
                ])
            ),
            ("timeouts", ResourceSchemas.timeouts), ("cache", Schema.empty),
        ] + ResourceSchemas.history + [ResourceSchemas.snapshotVersion]

    private static let applyModel = Schema.object(
        ResourceSchemas.model + [
            (
                "attestations",
                Schema.array(
                    of: Schema.object(
                        EvidenceSchemas.place + EvidenceSchemas.attestationInput,
                        required: ["dialect", "case", "reason"]
                    ),
                    "all that is vouched for; missing keeps what there is"
                )
            )
        ],
        required: ["upstream_model"]
    )

    private static let applyProvider = Schema.object(
        ResourceSchemas.provider(false) + [("models", Schema.map(of: ResourceSchemas.applyModel))],
        required: ["base_url", "dialects"]
    )

    private static let configuration: [Property] = [
        ("ProviderInput", Schema.object(ResourceSchemas.provider(false), required: ["base_url", "dialects"])),
        (
            "Provider",
            Schema.object(
                ResourceSchemas.provider(true),
                required: [
                    "id", "base_url", "dialects", "auth", "headers", "timeouts", "shape", "enabled",
                    "allow_private_network",
                ] + ResourceSchemas.historyNames
            )
        ),
        ("ProviderPage", Schema.page(of: "Provider")),
        ("ModelInput", Schema.object(ResourceSchemas.model, required: ["upstream_model"])),
        (
            "Model",
            Schema.object(
                ResourceSchemas.model,
                required: ["id", "provider", "upstream_model", "declared", "quirks"] + ResourceSchemas.historyNames
            )
        ),
        ("ModelPage", Schema.page(of: "Model")),
        ("GroupInput", Schema.object(ResourceSchemas.group)),
        (
            "Group",
            Schema.object(
                ResourceSchemas.group,
                required: ["id", "strategy", "targets", "requirements", "timeouts", "cache"]
                    + ResourceSchemas.historyNames
            )
        ),
        ("GroupPage", Schema.page(of: "Group")),
        (
            "ApplyDocument",
            Schema.object([
                ("prune", Schema.boolean("delete what the present sections do not name")),
                ("providers", Schema.map(of: ResourceSchemas.applyProvider)),
                ("groups", Schema.map(of: Schema.reference("GroupInput"))),
            ])
        ),
    ]

    private static let evidence = EvidenceSchemas.all

    private static let tokenRights: [Property] = [
        ("allow", Schema.array(of: Schema.slug, "the groups it may use")),
        ("endpoints", Schema.array(of: Schema.choice(ResourceSchemas.dialectNames), "missing means all")),
        ("strict", Schema.boolean("true refuses what would lose anything in translation to a target's dialect")),
        ("limits", Schema.empty), ("budgets", Schema.empty), ("not_before", Schema.time()),
        ("expires_at", Schema.orNull(Schema.time("null means never"))), ("description", Schema.text(maximum: 1024)),
    ]

    private static let tokenNames: [Property] = [
        ("user", Schema.slug), ("project", Schema.slug), ("environment", Schema.slug), ("key", Schema.slug),
    ]

    private static let token: [Property] =
        [("id", Schema.text("everything before the secret"))] + ResourceSchemas.tokenNames
        + ResourceSchemas.tokenRights + [
            ("state", Schema.choice(TokenRecord.State.allCases.map(\.rawValue))), ("revoked_at", Schema.time()),
        ] + ResourceSchemas.history + [ResourceSchemas.snapshotVersion]

    private static let tokenRequired =
        ["id", "user", "project", "environment", "key", "allow", "strict", "limits", "budgets", "expires_at", "state"]
        + ResourceSchemas.historyNames

    private static let admin: [Property] =
        [
            ("id", Schema.slug), ("role", Schema.choice(AdminRole.allCases.map(\.rawValue))),
            ("description", Schema.text(maximum: 1024)), ("expires_at", Schema.orNull(Schema.time("null means never"))),
        ] + ResourceSchemas.history

    private static let secretToken: Property = ("token", Schema.text("the whole token, shown this once"))

    private static let tokens: [Property] = [
        (
            "TokenInput",
            Schema.object(
                ResourceSchemas.tokenNames + ResourceSchemas.tokenRights,
                required: ["user", "project", "environment", "allow"]
            )
        ),
        ("TokenPatch", Schema.object(ResourceSchemas.tokenRights)),
        (
            "TokenRotation",
            Schema.object([
                ("key", Schema.slug),
                (
                    "overlap_seconds",
                    Schema.integer(
                        0...TokenRotation.maximumOverlapSeconds,
                        "how long the old token goes on working; 0 revokes it at once"
                    )
                ),
                ("expires_at", Schema.orNull(Schema.time())),
            ])
        ),
        ("Token", Schema.object(ResourceSchemas.token, required: ResourceSchemas.tokenRequired)),
        (
            "IssuedToken",
            Schema.object(
                ResourceSchemas.token + [ResourceSchemas.secretToken],
                required: ResourceSchemas.tokenRequired + ["token", "snapshot_version"]
            )
        ),
        (
            "RevokedToken",
            Schema.object(
                [
                    ("revoked", Schema.boolean()),
                    (
                        "nodes_known",
                        Schema.boolean("false when the database went away before it told which nodes know")
                    ),
                    ("acked", Schema.array(of: Schema.text(), "nodes that know")),
                    (
                        "pending",
                        Schema.array(
                            of: Schema.object(
                                [("node", Schema.text()), ("last_seen", Schema.orNull(Schema.time()))],
                                required: ["node", "last_seen"]
                            ),
                            "nodes that were not heard from yet"
                        )
                    ), ResourceSchemas.snapshotVersion,
                ],
                required: ["revoked", "nodes_known", "acked", "pending", "snapshot_version"]
            )
        ),
        ("TokenPage", Schema.page(of: "Token")),
        ("AdminInput", Schema.object(Array(ResourceSchemas.admin.prefix(4)), required: ["id", "role"])),
        ("AdminPatch", Schema.object(Array(ResourceSchemas.admin.prefix(4).dropFirst()))),
        (
            "Admin",
            Schema.object(ResourceSchemas.admin, required: ["id", "role", "expires_at"] + ResourceSchemas.historyNames)
        ),
        (
            "IssuedAdmin",
            Schema.object(
                ResourceSchemas.admin + [ResourceSchemas.secretToken],
                required: ["id", "role", "expires_at", "token"] + ResourceSchemas.historyNames
            )
        ),
        ("AdminPage", Schema.page(of: "Admin")),
    ]

    private static let snapshotReference = Schema.object(
        [("epoch", Schema.integer()), ("version", Schema.integer()), ("sha256", Schema.text())],
        required: ["epoch", "version", "sha256"]
    )

    private static let snapshot: [Property] = [
        ("version", Schema.integer()), ("epoch", Schema.integer()), ("sha256", Schema.text()),
        ("content_sha256", Schema.text()), ("bytes", Schema.integer()), ("created_at", Schema.time()),
        ("created_by", Schema.text()), ("reason", Schema.text()), ("restored_from", Schema.orNull(Schema.integer())),
    ]

    private static let difference: [Property] = [
        ("against", Schema.orNull(Schema.integer(nil, "the version it is compared with"))),
        ("changes", Schema.array(of: Schema.reference("Change"))),
    ]

    private static let operation: [Property] = [
        (
            "Node",
            Schema.object(
                [
                    ("id", Schema.text()), ("name", Schema.slug), ("joined_at", Schema.time()),
                    ("last_seen", Schema.orNull(Schema.time())),
                    ("running", Schema.orNull(ResourceSchemas.snapshotReference)),
                    (
                        "verdict",
                        Schema.orNull(
                            Schema.object(
                                [
                                    ("snapshot", ResourceSchemas.snapshotReference),
                                    ("outcome", Schema.choice(["applied", "refused"])), ("code", Schema.text()),
                                    ("detail", Schema.text()), ("at", Schema.orNull(Schema.time())),
                                ],
                                required: ["snapshot", "outcome", "at"]
                            )
                        )
                    ),
                    ("clock_skew_ms", Schema.orNull(Schema.integer())), ("built_by", Schema.orNull(Schema.text())),
                    ("targets", Schema.array(of: Schema.reference("TargetHealth"))),
                ],
                required: [
                    "id", "name", "joined_at", "last_seen", "running", "verdict", "clock_skew_ms", "built_by",
                    "targets",
                ]
            )
        ),
        (
            "TargetHealth",
            Schema.object(
                [
                    ("provider", Schema.slug), ("model", Schema.slug),
                    ("dialect", Schema.choice(Dialect.allCases.map(\.rawValue))),
                    ("state", Schema.choice(TargetHealth.State.allCases.map(\.rawValue))),
                    ("for_ms", Schema.integer()),
                ],
                required: ["provider", "model", "dialect", "state", "for_ms"]
            )
        ),
        ("NodePage", Schema.page(of: "Node")),
        ("JoinTokenInput", Schema.object([("valid_seconds", Schema.integer(60...604_800))])),
        (
            "JoinToken",
            Schema.object(
                [("id", Schema.text()), ResourceSchemas.secretToken, ("expires_at", Schema.time())],
                required: ["id", "token", "expires_at"]
            )
        ),
        ("Snapshot", Schema.object(ResourceSchemas.snapshot, required: ResourceSchemas.snapshot.map(\.0))),
        ("SnapshotPage", Schema.page(of: "Snapshot")),
        (
            "SnapshotDetail",
            Schema.object(
                ResourceSchemas.snapshot + [
                    (
                        "counts",
                        Schema.object(
                            ["providers", "models", "groups", "tokens"].map { ($0, Schema.integer()) },
                            required: ["providers", "models", "groups", "tokens"]
                        )
                    )
                ] + ResourceSchemas.difference,
                required: ResourceSchemas.snapshot.map(\.0) + ["counts", "against", "changes"]
            )
        ),
        (
            "SnapshotDiff",
            Schema.object(
                [("version", Schema.integer())] + ResourceSchemas.difference,
                required: ["version", "against", "changes"]
            )
        ),
        (
            "AuditEntry",
            Schema.object(
                [
                    ("sequence", Schema.integer()), ("at", Schema.time()), ("actor", Schema.text()),
                    ("action", Schema.text()), ("kind", Schema.text()), ("key", Schema.text()),
                    ("change", Schema.map(of: Schema.anything)), ("request_id", Schema.orNull(Schema.text())),
                    ("hash", Schema.text("covers the entry and the hash before it")),
                ],
                required: ["sequence", "at", "actor", "action", "kind", "key", "change", "request_id", "hash"]
            )
        ),
        ("AuditPage", Schema.page(of: "AuditEntry")),
    ]
}
