/// All series of one metric name.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    enum Series: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(Histogram)
        /// Asked for its value at each exposition.
        case callback(@Sendable () -> Double)
    }

    typealias Label = (name: String, value: String)

    let kind: Kind
    let help: String
    /// By their labels as they are written between the braces.
    private(set) var series: [String: Series] = [:]
    /// Asked at each exposition for series that come and go.
    var collector: (@Sendable () -> [Sample])?

    /// One value of series that come and go.
    typealias Sample = (labels: [(String, String)], value: Double)

    init(kind: Kind, help: String) {
        self.kind = kind
        self.help = help
    }

    /// The value that takes the place of every label value beyond the cap.
    static let overflowValue = "other"

    /// The series of these labels; beyond `cap` of them one more takes all the rest, its label values `other`.
    mutating func series(_ labels: [Label], cap: Int, make: () -> Series) -> Series {
        let key = MetricFamily.text(of: labels)
        if let known = self.series[key] { return known }
        guard self.series.count < cap || labels.isEmpty else {
            return self.insert(MetricFamily.text(of: labels.map { ($0.name, MetricFamily.overflowValue) }), make: make)
        }
        return self.insert(key, make: make)
    }

    /// What the collector tells now, at most `cap` series, by their labels as they are written.
    func collected(cap: Int) -> [(labels: String, value: Double)] {
        (self.collector?() ?? []).prefix(cap)
            .map { sample in (MetricFamily.text(of: sample.labels.map { (name: $0, value: $1) }), sample.value) }
            .sorted { $0.labels < $1.labels }
    }

    /// Puts a callback in the place of what was there under these labels.
    mutating func replace(_ labels: [Label], with series: Series) {
        self.series[MetricFamily.text(of: labels)] = series
    }

    private mutating func insert(_ key: String, make: () -> Series) -> Series {
        if let known = self.series[key] { return known }
        let made = make()
        self.series[key] = made
        return made
    }

    private static func text(of labels: [Label]) -> String {
        labels.map { "\($0.name)=\"\(MetricText.escaped(labelValue: $0.value))\"" }.joined(separator: ",")
    }
}
