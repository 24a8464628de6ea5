import NIOConcurrencyHelpers

/// The metrics of this process, and their text for a scraper.
///
/// Asking for a metric takes a lock and text work: callers on a hot path ask once and keep what they get. A family
/// has at most `seriesCap` series; later label values share one series in which every value is `other`, so that
/// nothing a caller sends can fill the memory of the process or of the scraper.
package final class MetricsRegistry: Sendable {
    /// The content type of `exposition`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let seriesCap: Int
    private let families = NIOLockedValueBox<[String: MetricFamily]>([:])

    package init(seriesCap: Int = 200) {
        self.seriesCap = seriesCap
    }

    /// The counter of this name and these labels; by convention the name ends in `_total`.
    ///
    /// A name is of one kind for ever, and label names have the metric's grammar: both are constants of the code,
    /// so a wrong one ends the process.
    package func counter(_ name: String, help: String, labels: [(String, String)] = []) -> Counter {
        let series = self.series(name, .counter, help, labels) { .counter(Counter()) }
        guard case .counter(let counter) = series else { preconditionFailure("\(name) is read by a callback") }
        return counter
    }

    package func gauge(_ name: String, help: String, labels: [(String, String)] = []) -> Gauge {
        let series = self.series(name, .gauge, help, labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = series else { preconditionFailure("\(name) is read by a callback") }
        return gauge
    }

    /// A histogram with these rising upper bounds; all series of a family have the same.
    package func histogram(
        _ name: String,
        help: String,
        buckets: [Double] = Histogram.latencyBuckets,
        labels: [(String, String)] = []
    ) -> Histogram {
        precondition(zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }, "\(name) has bounds that do not rise")
        let series = self.series(name, .histogram, help, labels) { .histogram(Histogram(bounds: buckets)) }
        guard case .histogram(let histogram) = series else { preconditionFailure("\(name) is no histogram") }
        return histogram
    }

    /// A gauge whose value is asked for at each exposition; a later one of the same labels replaces it.
    package func gauge(
        _ name: String,
        help: String,
        labels: [(String, String)] = [],
        read: @escaping @Sendable () -> Double
    ) {
        self.callback(name, .gauge, help, labels, read)
    }

    /// A counter that is kept elsewhere and asked for at each exposition.
    package func counter(
        _ name: String,
        help: String,
        labels: [(String, String)] = [],
        read: @escaping @Sendable () -> Double
    ) {
        self.callback(name, .counter, help, labels, read)
    }

    /// Gauges whose series come and go: all of them are asked for at each exposition, and only the first of as many as a
    /// family may have are told.
    package func gauges(
        _ name: String,
        help: String,
        read: @escaping @Sendable () -> [(labels: [(String, String)], value: Double)]
    ) {
        MetricsRegistry.checkNames(name, [])
        self.families.withLockedValue { families in
            var family = families[name] ?? MetricFamily(kind: .gauge, help: help)
            precondition(family.kind == .gauge, "\(name) is a \(family.kind.rawValue) already")
            family.collector = read
            families[name] = family
        }
    }

    /// All metrics by name, in the Prometheus text format 0.0.4.
    package func exposition() -> [UInt8] {
        // Callbacks run outside the lock: they may use this registry.
        let families = self.families.withLockedValue { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            MetricText.append(name, family: family, cap: self.seriesCap, to: &text)
        }
        return Array(text.utf8)
    }

    private func series(
        _ name: String,
        _ kind: MetricFamily.Kind,
        _ help: String,
        _ labels: [(String, String)],
        make: @Sendable () -> MetricFamily.Series
    ) -> MetricFamily.Series {
        MetricsRegistry.checkNames(name, labels)
        return self.families.withLockedValue { families in
            var family = families[name] ?? MetricFamily(kind: kind, help: help)
            precondition(family.kind == kind, "\(name) is a \(family.kind.rawValue) already")
            families[name] = nil
            let series = family.series(labels.map { (name: $0, value: $1) }, cap: self.seriesCap, make: make)
            families[name] = family
            return series
        }
    }

    private func callback(
        _ name: String,
        _ kind: MetricFamily.Kind,
        _ help: String,
        _ labels: [(String, String)],
        _ read: @escaping @Sendable () -> Double
    ) {
        MetricsRegistry.checkNames(name, labels)
        self.families.withLockedValue { families in
            var family = families[name] ?? MetricFamily(kind: kind, help: help)
            precondition(family.kind == kind, "\(name) is a \(family.kind.rawValue) already")
            family.replace(labels.map { (name: $0, value: $1) }, with: .callback(read))
            families[name] = family
        }
    }

    private static func checkNames(_ name: String, _ labels: [(String, String)]) {
        precondition(MetricsRegistry.isName(name), "'\(name)' is no metric name")
        for (label, _) in labels {
            precondition(MetricsRegistry.isName(label) && label != "le", "'\(label)' is no label name")
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
