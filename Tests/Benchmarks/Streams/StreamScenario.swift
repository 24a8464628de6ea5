/// How many streams run at once, and how fast each is.
struct StreamScenario: Hashable, Sendable {
    /// Streams that were asked for.
    var wanted: Int
    /// Streams that the file limit allows.
    var streams: Int
    /// Milliseconds between two deltas of a stream.
    var interval: Int
    /// Deltas of a stream.
    var deltas: Int
    /// How long the opening of the streams is spread over, in seconds.
    var ramp: Double
    /// How long each connection opens one stream after another, in seconds; zero for one stream each.
    var repeating: Double

    /// The upstream's model, which sets the pace.
    var model: String { "demo-paced-\(self.interval)-\(self.deltas)" }

    /// Seconds that one run takes at most before it is given up.
    var timeLimit: Double {
        self.ramp + self.repeating + Double(self.interval * self.deltas) / 1000 * 2 + 15
    }

    /// The scenario for `wanted` streams: the more there are, the slower each is, so that two cores carry them.
    ///
    /// A proxy holds two descriptors for each stream, and `descriptors` is the limit of one process.
    init(wanted: Int, descriptors: Int, isQuick: Bool) {
        self.wanted = wanted
        self.streams = min(wanted, max(1, (descriptors - min(2000, descriptors / 2)) / 2))
        switch wanted {
        case ..<500:
            self.interval = 20
            self.deltas = 25
            // Spread over one interval, so that the deltas do not all come at the same moment.
            self.ramp = 0.02
            self.repeating = isQuick ? 2 : 8
        case ..<5000:
            self.interval = 200
            self.deltas = isQuick ? 30 : 50
            self.ramp = 2
            self.repeating = 0
        default:
            self.interval = 1000
            self.deltas = isQuick ? 20 : 30
            self.ramp = 10
            self.repeating = 0
        }
    }
}
