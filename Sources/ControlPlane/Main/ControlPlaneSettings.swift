import Catalog
import Identity
import Launch
import Logging
import Postgres
import Sealing
import Settings

/// What an operator can set about a control plane.
struct ControlPlaneSettings: Sendable {
    var databaseURL: Secret
    var databaseConnections: Int
    /// The file with the key that everything secret in the database is sealed under.
    var keyFile: String
    /// Nil when the file could not be read, which is a problem that the reader knows of.
    var masterKey: MasterKey?
    /// Where administrators connect to.
    var adminListen: ListenAddress
    /// Where nodes connect to.
    var planeListen: ListenAddress
    var deployment: Slug
    var migrates: Bool
    var tokenPolicy: TokenPolicy
    /// How long evidence counts.
    var evidenceLifetime: Duration
    var validation: ValidationSettings
    var logLevel: LogLevel

    enum LogLevel: String, Sendable, CaseIterable {
        case debug
        case info
        case warning
        case error

        var level: Logger.Level {
            switch self {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        }
    }

    /// Asks for every setting; the problems stay with the reader.
    ///
    /// `readsKey` is false for the command that makes the key, which needs no database either.
    init(_ reader: inout SettingsReader, readsKey: Bool = true) {
        let aboutDatabase =
            "PostgreSQL as libpq reads it: a postgresql:// URL, or key=value pairs; may name several hosts."
        self.databaseURL =
            readsKey
            ? reader.required("DATABASE_URL", .secret, about: aboutDatabase)
            : reader.optional("DATABASE_URL", .secret, about: aboutDatabase) ?? Secret("")
        self.databaseConnections = reader.value(
            "DATABASE_CONNECTIONS",
            .int(in: 2...100),
            default: 8,
            about: "Connections to PostgreSQL, besides one that listens for changes."
        )
        self.keyFile = reader.required(
            "KEY_FILE",
            .string,
            about: "File (0600) with the key that secrets in the database are sealed under; made by init-key."
        )
        self.adminListen = reader.value(
            "ADMIN_LISTEN",
            .listenAddress,
            default: ListenAddress(host: "127.0.0.1", port: 8090),
            about: "Where the admin API is served."
        )
        self.planeListen = reader.value(
            "PLANE_LISTEN",
            .listenAddress,
            default: ListenAddress(host: "127.0.0.1", port: 8091),
            about: "Where data planes join and poll."
        )
        self.deployment = reader.value(
            "DEPLOYMENT",
            .slug,
            default: ControlPlaneSettings.usualDeployment,
            about: "The second field of every caller token."
        )
        self.migrates = reader.value(
            "MIGRATE",
            .bool,
            default: true,
            about: "Whether to bring the database to this program's shape at the start."
        )
        let lifetimes = Duration.seconds(60)...(.seconds(10 * 366 * 86_400))
        let defaultLifetime = reader.value(
            "TOKEN_LIFETIME",
            .duration(in: lifetimes),
            default: .seconds(90 * 86_400),
            about: "How long a caller token is valid unless its creation says otherwise."
        )
        let maximumLifetime = reader.value(
            "TOKEN_MAXIMUM_LIFETIME",
            .duration(in: lifetimes),
            default: .seconds(365 * 86_400),
            about: "The longest that a caller token may be valid."
        )
        let allowsUnlimited = reader.value(
            "TOKEN_ALLOW_UNLIMITED",
            .bool,
            default: false,
            about: "Whether a caller token may have no end."
        )
        if defaultLifetime > maximumLifetime {
            reader.refuse("TOKEN_LIFETIME", "must not be above TOKEN_MAXIMUM_LIFETIME")
        }
        self.tokenPolicy = TokenPolicy(
            defaultLifetime: Int(defaultLifetime.components.seconds) * 1000,
            maximumLifetime: Int(maximumLifetime.components.seconds) * 1000,
            allowsUnlimited: allowsUnlimited
        )
        self.evidenceLifetime = reader.value(
            "EVIDENCE_TTL",
            .duration(in: .seconds(3600)...(.seconds(366 * 86_400))),
            default: .seconds(7 * 86_400),
            about: "How long what a validation found counts; it is renewed before that."
        )
        self.validation = ValidationSettings(&reader)
        self.logLevel = reader.value("LOG_LEVEL", .choice, default: .info, about: "What is logged to standard error.")
        if !self.databaseURL.isEmpty, !PostgresPool.canParse(self.databaseURL) {
            reader.refuse("DATABASE_URL", "must be a PostgreSQL URL or connection string")
        }
        guard readsKey, !self.keyFile.isEmpty else { return }
        do {
            self.masterKey = try KeyFile.read(self.keyFile)
        } catch {
            reader.refuse("KEY_FILE", error.description)
        }
    }

    private static let usualDeployment: Slug = {
        guard let slug = Slug("metrum") else { preconditionFailure("'metrum' is a slug") }
        return slug
    }()
}
