import Catalog
import Contract
import Identity
import Wire

/// The schemas of what is known of models, by name.
enum EvidenceSchemas {
    typealias Property = (String, JSONValue)

    /// What evidence is about within a model.
    static let place: [Property] = [
        ("dialect", Schema.choice(Dialect.allCases.map(\.rawValue))),
        ("case", Schema.choice(CapabilityCase.allCases.map(\.rawValue))),
    ]

    static let attestationInput: [Property] = [
        ("verdict", Schema.choice(EvidenceRecord.Verdict.allCases.map(\.rawValue), "passed unless said otherwise")),
        ("reason", Schema.text("why it is vouched for", maximum: AttestationInput.maximumReasonBytes)),
        ("expires_at", Schema.orNull(Schema.time("null means never"))),
    ]

    private static let names: [Property] = [("provider", Schema.slug), ("model", Schema.slug)] + EvidenceSchemas.place

    private static let attestation: [Property] =
        EvidenceSchemas.names + EvidenceSchemas.attestationInput + [
            ("attested_by", Schema.text()), ("attested_at", Schema.time()),
            ("stands", Schema.boolean("false when its time is over, or the endpoint is another than it was said of")),
        ]

    private static let snapshotVersion: Property = ("snapshot_version", Schema.orNull(Schema.integer(1...Int.max)))

    private static let run: [Property] = [
        ("id", Schema.integer(1...Int.max)), ("provider", Schema.slug), ("model", Schema.slug),
        ("dialects", Schema.array(of: Schema.text())), ("cases", Schema.array(of: Schema.text())),
        ("requested_by", Schema.text()), ("reason", Schema.choice(ValidationReason.allCases.map(\.rawValue))),
        ("state", Schema.choice(ValidationState.allCases.map(\.rawValue), "failed when nothing could be asked")),
        ("jobs", Schema.integer(0...Int.max, "cases in dialects")), ("done", Schema.integer(0...Int.max)),
        ("created_at", Schema.time()), ("started_at", Schema.orNull(Schema.time())),
        ("finished_at", Schema.orNull(Schema.time())),
    ]

    private static let found: JSONValue = {
        let properties: [Property] =
            EvidenceSchemas.place + [
                ("verdict", Schema.choice(ValidationOutcome.Verdict.allCases.map(\.rawValue))),
                ("reason", Schema.orNull(Schema.text("why it failed or was not run"))),
                ("passes", Schema.integer(0...Int.max)), ("attempts", Schema.integer(0...Int.max)),
                ("latency_ms", Schema.orNull(Schema.integer())), ("error_class", Schema.orNull(Schema.text())),
                ("input_tokens", Schema.orNull(Schema.integer())),
                ("output_tokens", Schema.orNull(Schema.integer())),
                (
                    "answer",
                    Schema.orNull(Schema.text("its beginning", maximum: ValidationOutcome.maximumAnswerCharacters))
                ),
                ("upstream_model", Schema.text()), ("probe_version", Schema.integer()), ("at", Schema.time()),
                ("expires_at", Schema.time()),
            ]
        return Schema.object(properties, required: properties.map(\.0))
    }()

    private static let standing: [Property] =
        EvidenceSchemas.names + [
            ("verdict", Schema.choice(EvidenceRecord.Verdict.allCases.map(\.rawValue))),
            ("attested", Schema.boolean("whether somebody vouches for it, instead of a probe")),
            ("observed_at", Schema.time()), ("age_seconds", Schema.integer(0...Int.max)),
            ("expires_at", Schema.orNull(Schema.time("null means never"))), ("expired", Schema.boolean()),
            (
                "probed",
                Schema.orNull(
                    Schema.object(
                        [
                            ("verdict", Schema.choice(EvidenceRecord.Verdict.allCases.map(\.rawValue))),
                            ("observed_at", Schema.time()), ("expires_at", Schema.time()),
                            ("probe_version", Schema.integer()),
                        ],
                        required: ["verdict", "observed_at", "expires_at", "probe_version"],
                        "what the last probes found, also where somebody vouches for something else"
                    )
                )
            ),
        ]

    static let all: [Property] = [
        (
            "AttestationInput",
            Schema.object(
                EvidenceSchemas.attestation + [EvidenceSchemas.snapshotVersion],
                required: ["reason"]
            )
        ),
        (
            "Attestation",
            Schema.object(
                EvidenceSchemas.attestation + [EvidenceSchemas.snapshotVersion],
                required: EvidenceSchemas.attestation.map(\.0)
            )
        ),
        ("AttestationPage", Schema.page(of: "Attestation")),
        (
            "ValidationInput",
            Schema.object(
                [
                    ("provider", Schema.slug), ("model", Schema.slug),
                    (
                        "dialects",
                        Schema.array(
                            of: Schema.choice(Dialect.allCases.map(\.rawValue)),
                            "missing means all that the provider offers"
                        )
                    ),
                    (
                        "cases",
                        Schema.array(
                            of: Schema.choice(CapabilityCase.allCases.map(\.rawValue)),
                            "missing means all that the model declares"
                        )
                    ),
                ],
                required: ["provider", "model"]
            )
        ),
        ("Validation", Schema.object(EvidenceSchemas.run, required: EvidenceSchemas.run.map(\.0))),
        ("ValidationPage", Schema.page(of: "Validation")),
        (
            "ValidationDetail",
            Schema.object(
                EvidenceSchemas.run + [("evidence", Schema.array(of: EvidenceSchemas.found))],
                required: EvidenceSchemas.run.map(\.0) + ["evidence"]
            )
        ),
        ("Evidence", Schema.object(EvidenceSchemas.standing, required: EvidenceSchemas.standing.map(\.0))),
        ("EvidencePage", Schema.page(of: "Evidence")),
    ]
}
