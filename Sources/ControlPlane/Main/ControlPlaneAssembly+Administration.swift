import AdminAPI
import Administration
import Logging
import Postgres
import ServiceLifecycle
import Settings

extension ControlPlaneAssembly {
    /// The admin API over its use cases.
    static func adminListener(
        _ settings: ControlPlaneSettings,
        _ pool: PostgresPool,
        _ cluster: Cluster,
        _ board: PlaneStateBoard,
        _ editor: ConfigurationEditor,
        _ history: SnapshotHistory,
        _ enrolment: NodeEnrolment,
        _ logger: Logger
    ) -> any Service {
        AdminListener(
            host: settings.adminListen.host,
            port: settings.adminListen.port,
            services: AdminServices(
                authentication: AdminAuthentication(
                    pool: pool,
                    cluster: cluster,
                    wallClock: ControlPlaneAssembly.wallClock
                ),
                providers: Providers(editor),
                models: Models(editor),
                attestations: Attestations(editor),
                validations: Validations(editor),
                groups: Groups(editor),
                tokens: Tokens(editor, policy: settings.tokenPolicy),
                admins: Admins(pool: pool, cluster: cluster),
                apply: DeclarativeApply(editor),
                snapshots: Snapshots(editor, history: history),
                audit: AuditLog(pool: pool),
                nodes: NodeDirectory(pool: pool),
                enrolment: enrolment
            ),
            isReady: { board.isDatabaseReachable },
            wallClock: ControlPlaneAssembly.wallClock,
            logger: logger,
            onBound: { port in ControlPlaneAssembly.announce("administrators", settings.adminListen, port, logger) }
        )
    }
}
