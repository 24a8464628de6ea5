import Launch
import Probing
import Settings

/// What an operator can set about finding out what models can do.
struct ValidationSettings: Sendable {
    /// Whether this control plane asks models at all.
    var isOn: Bool
    var limits: ValidatorLimits
    var egress: EgressSettings
    /// Where providers fetch pictures; nil for nowhere.
    var site: Site?

    struct Site: Sendable {
        var listen: ListenAddress
        /// How providers reach `listen`.
        var url: String
    }

    init(_ reader: inout SettingsReader) {
        self.isOn = reader.value(
            "VALIDATION",
            .bool,
            default: true,
            about: "Whether to ask models what they can do: when they are new or changed, on demand and in time."
        )
        self.limits = ValidatorLimits()
        self.limits.concurrency = reader.value(
            "VALIDATION_CONCURRENCY",
            .int(in: 1...32),
            default: 2,
            about: "Probes that go to one provider at a time."
        )
        self.limits.asks = reader.value(
            "VALIDATION_ASKS",
            .int(in: 1...20),
            default: 3,
            about: "How many pictures a model is shown to find out whether it sees."
        )
        self.limits.tokensPerDay = reader.value(
            "VALIDATION_TOKENS_PER_DAY",
            .int(in: 1000...1_000_000_000),
            default: 1_000_000,
            about: "Tokens that probes may cost a provider in a day."
        )
        self.egress = EgressSettings(&reader)
        let listen = reader.optional(
            "PICTURE_LISTEN",
            .listenAddress,
            about: "Where the pictures of probes are served that providers fetch by URL."
        )
        let url = reader.optional(
            "PICTURE_URL",
            .url(),
            about: "How providers reach PICTURE_LISTEN of this very control plane; without it no URL is validated."
        )
        switch (listen, url) {
        case (let listen?, let url?): self.site = Site(listen: listen, url: url)
        case (nil, .some): reader.refuse("PICTURE_LISTEN", "must be given with PICTURE_URL")
        case (.some, nil): reader.refuse("PICTURE_URL", "must be given with PICTURE_LISTEN")
        case (nil, nil): break
        }
    }
}
