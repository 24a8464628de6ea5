import HTTPTypes
import Administration
import Catalog
import Contract
import Identity
import Wire

extension AdminEndpoints {
    static func snapshots(_ snapshots: Snapshots) -> [AdminEndpoint] {
        let list = "/admin/v1/snapshots"
        let one = "/admin/v1/snapshots/{version}"
        return [
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List published snapshots, newest first",
                query: [.limit, .cursor],
                answers: [200: "SnapshotPage"]
            ) { request in
                let page = try await snapshots.list(
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<PublishedSnapshot>.limitRange)
                )
                return ResourceAnswers.page(page) { .object(AdminEndpoints.snapshot($0)) }
            },
            AdminEndpoint(
                .get,
                one,
                role: .viewer,
                "Read a snapshot: what it holds and how it differs from the one before",
                answers: [200: "SnapshotDetail"]
            ) { request in
                let detail = try await snapshots.get(request.number("version", kind: "snapshot"))
                var object = AdminEndpoints.snapshot(detail.snapshot)
                object["counts"] = [
                    "providers": .int(detail.body.providers.count), "models": .int(detail.body.models.count),
                    "groups": .int(detail.body.groups.count), "tokens": .int(detail.body.tokens.count),
                ]
                object["against"] = ResourceAnswers.number(detail.previousVersion)
                object["changes"] = .array(detail.changes.map(\.json))
                return AdminAnswer(.ok, .object(object))
            },
            AdminEndpoint(
                .get,
                "\(one)/diff",
                role: .viewer,
                "How a snapshot differs from another, or from the one before",
                query: [.against],
                answers: [200: "SnapshotDiff"]
            ) { request in
                let detail = try await snapshots.get(
                    request.number("version", kind: "snapshot"),
                    comparedWith: request.query.number(.against, in: 1...Int.max)
                )
                return AdminAnswer(
                    .ok,
                    [
                        "version": .int(detail.snapshot.version.number),
                        "against": ResourceAnswers.number(detail.previousVersion),
                        "changes": .array(detail.changes.map(\.json)),
                    ]
                )
            },
            AdminEndpoint(
                .post,
                "\(one)/restore",
                role: .operator,
                "Make providers, models and groups what they were in a snapshot, and publish that as a new one",
                query: [.dryRun],
                body: .json(schema: "Empty", isOptional: true),
                answers: [200: "Changes"]
            ) { request in
                try JSONMembers(request.body).refuseUnknown()
                let outcome = try await snapshots.restore(
                    request.number("version", kind: "snapshot"),
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return AdminAnswer(.ok, ResourceAnswers.changes(outcome))
            },
        ]
    }

    private static func snapshot(_ snapshot: PublishedSnapshot) -> JSONObject {
        JSONObject([
            ("version", .int(snapshot.version.number)), ("epoch", .int(snapshot.version.epoch)),
            ("sha256", .string(snapshot.sha256.hex)), ("content_sha256", .string(snapshot.contentSHA256.hex)),
            ("bytes", .int(snapshot.byteCount)), ("created_at", ResourceAnswers.time(snapshot.createdAt)),
            ("created_by", .string(snapshot.createdBy)), ("reason", .string(snapshot.reason)),
            ("restored_from", ResourceAnswers.number(snapshot.restoredFrom)),
        ])
    }
}
