import Contract
import Feeds
import Identity
import Ingress
import Launch
import Logging
import Settings

/// What an operator can set about a data plane.
struct DataPlaneSettings: Sendable {
    /// Where callers connect to.
    var listen: ListenAddress
    /// Where operators ask; never to be reachable by callers.
    var operationsListen: ListenAddress
    var controlPlanes: [String]
    var stateDirectory: String
    var nodeName: Slug
    var joinTokenFile: String?
    var certificateAuthorities: String?
    var egress: EgressSettings
    var threads: Int
    var staleness: StalenessPolicy
    var bake: Duration
    var requestLog: RequestLogDestination
    var logLevel: LogLevel
    /// How many decisions are remembered of requests that went as planned, and of those that did not.
    var decisions: Int
    var limits: IngressLimits

    enum RequestLogDestination: String, Sendable, CaseIterable {
        case stdout
        case off
    }

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
    /// `processors` is how many the machine has.
    init(_ reader: inout SettingsReader, processors: Int) {
        self.listen = reader.value(
            "LISTEN",
            .listenAddress,
            default: ListenAddress(host: "127.0.0.1", port: 8080),
            about: "Where callers connect to."
        )
        self.operationsListen = reader.value(
            "OPS_LISTEN",
            .listenAddress,
            default: ListenAddress(host: "127.0.0.1", port: 8081),
            about: "Where /livez, /readyz and /metrics are served, to operators only."
        )
        self.controlPlanes = reader.required(
            "CONTROL_PLANE_URL",
            .strings,
            about: "URLs of the control planes' listeners for nodes."
        )
        if self.controlPlanes.contains(where: { UpstreamURL($0) == nil }) {
            reader.refuse("CONTROL_PLANE_URL", "must be http or https URLs, separated by commas")
        }
        self.stateDirectory = reader.required(
            "STATE_DIRECTORY",
            .string,
            about: "Directory of this node's keys and last good snapshots."
        )
        self.nodeName = reader.required("NODE_NAME", .slug, about: "What operators call this node.")
        self.joinTokenFile = reader.optional(
            "JOIN_TOKEN_FILE",
            .string,
            about: "File with the join token; needed once."
        )
        self.certificateAuthorities = reader.optional(
            "CA_FILE",
            .string,
            about: "PEM bundle that the control planes' certificates are checked against."
        )
        self.egress = EgressSettings(&reader)
        self.threads = reader.value(
            "THREADS",
            .int(in: 1...256),
            default: max(1, processors),
            about: "Event loops, each with its callers and their upstream traffic."
        )
        let hardStale = reader.value(
            "HARD_STALE",
            .duration(in: .seconds(60)...(.seconds(30 * 86_400))),
            default: .seconds(86_400),
            about: "Silence of the control plane after which STALE_POLICY counts."
        )
        let reaction: StalenessPolicy.Reaction = reader.value(
            "STALE_POLICY",
            .choice,
            default: .serve,
            about: "Whether to serve on or to refuse all after HARD_STALE."
        )
        self.staleness = StalenessPolicy(hardStale: hardStale.milliseconds, reaction: reaction)
        self.bake = reader.value(
            "BAKE",
            .duration(in: .zero...(.seconds(3600))),
            default: .seconds(60),
            about: "How long a new snapshot serves before it counts as good."
        )
        self.requestLog = reader.value(
            "REQUEST_LOG",
            .choice,
            default: .stdout,
            about: "Where request lines go."
        )
        self.logLevel = reader.value("LOG_LEVEL", .choice, default: .info, about: "What is logged to standard error.")
        self.decisions = reader.value(
            "DECISIONS",
            .int(in: 1...10_000_000),
            default: 16_384,
            about: "Requests whose decisions are told for 15 minutes: so many that went as planned, and so many others."
        )

        var limits = IngressLimits()
        limits.connections = reader.value(
            "MAX_CONNECTIONS",
            .int(in: 1...1_000_000),
            default: limits.connections,
            about: "Callers at one time."
        )
        limits.connectionsPerAddress = reader.value(
            "MAX_CONNECTIONS_PER_ADDRESS",
            .int(in: 0...1_000_000),
            default: limits.connectionsPerAddress,
            about: "Of them, those of one IPv4 address or IPv6 /64; 0 for no limit, as behind a load balancer."
        )
        limits.bufferedBodyBytes = reader.value(
            "BODY_MEMORY",
            .byteCount(in: 65_536...(1 << 40)),
            default: limits.bufferedBodyBytes,
            about: "Requests, and answers that are not streams, held in memory at one time."
        )
        limits.drain =
            reader.value(
                "DRAIN",
                .duration(in: .zero...(.seconds(3600))),
                default: .seconds(limits.drain),
                about: "How long running answers may take when the process is told to stop."
            ).wholeSeconds
        limits.keepAlive =
            reader.value(
                "KEEP_ALIVE",
                .duration(in: .seconds(1)...(.seconds(3600))),
                default: .seconds(limits.keepAlive),
                about: "How long a connection may rest between requests."
            ).wholeSeconds
        limits.hold =
            reader.value(
                "STREAM_HOLD",
                .duration(in: .seconds(1)...(.seconds(120))),
                default: .seconds(limits.hold),
                about: "How long a stream is held back for its first event, and how often a silent one is pinged."
            ).wholeSeconds
        limits.slowReader =
            reader.value(
                "SLOW_READER",
                .duration(in: .seconds(1)...(.seconds(3600))),
                default: .seconds(limits.slowReader),
                about: "How long a caller may take no bytes of its answer."
            ).wholeSeconds
        limits.images = reader.value(
            "MAX_IMAGES",
            .int(in: 0...1_000),
            default: limits.images,
            about: "Images in one request."
        )
        limits.allowsPrivateImageURLs = reader.value(
            "ALLOW_PRIVATE_IMAGE_URLS",
            .bool,
            default: limits.allowsPrivateImageURLs,
            about: "Whether URLs in requests may lead anywhere: only where providers are in the same private network."
        )
        limits.imageHostMilliseconds =
            reader.value(
                "IMAGE_HOST_TIMEOUT",
                .duration(in: .milliseconds(1)...(.seconds(60))),
                default: .milliseconds(limits.imageHostMilliseconds),
                about: "In which the hosts of the URLs in a request must be found."
            ).milliseconds
        let range: ClosedRange<Duration> = .milliseconds(1)...(.seconds(86_400))
        let defaults = limits.timeouts
        limits.timeouts = TimeoutRecord(
            connect: reader.value(
                "CONNECT_TIMEOUT",
                .duration(in: range),
                default: .milliseconds(defaults.connect ?? 0),
                about: "Until a provider's connection stands, unless its own setting says otherwise."
            ).milliseconds,
            firstByte: reader.value(
                "FIRST_BYTE_TIMEOUT",
                .duration(in: range),
                default: .milliseconds(defaults.firstByte ?? 0),
                about: "Until a provider's answer begins, unless its own setting says otherwise."
            ).milliseconds,
            idle: reader.value(
                "IDLE_TIMEOUT",
                .duration(in: range),
                default: .milliseconds(defaults.idle ?? 0),
                about: "Between two pieces of a provider's answer, unless its own setting says otherwise."
            ).milliseconds,
            total: reader.value(
                "TOTAL_TIMEOUT",
                .duration(in: range),
                default: .milliseconds(defaults.total ?? 0),
                about: "For a provider's whole answer, unless its own setting says otherwise."
            ).milliseconds
        )
        self.limits = limits
    }
}

extension Duration {
    /// Whole milliseconds, cut off; settings are far below what would overflow.
    fileprivate var milliseconds: Int {
        Int(self.components.seconds) * 1000 + Int(self.components.attoseconds / 1_000_000_000_000_000)
    }

    /// Whole seconds, rounded up.
    fileprivate var wholeSeconds: Int {
        Int(self.components.seconds) + (self.components.attoseconds > 0 ? 1 : 0)
    }
}
