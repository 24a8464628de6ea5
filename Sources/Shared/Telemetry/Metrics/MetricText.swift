/// Writes metrics in the Prometheus text format, version 0.0.4.
enum MetricText {
    /// `name{labels} value`, one line.
    static func append(_ name: String, labels: String, value: Double, to text: inout String) {
        text += name
        if !labels.isEmpty { text += "{\(labels)}" }
        text += " \(MetricText.number(value))\n"
    }

    static func append(_ name: String, family: MetricFamily, cap: Int, to text: inout String) {
        text += "# HELP \(name) \(MetricText.escaped(help: family.help))\n# TYPE \(name) \(family.kind.rawValue)\n"
        for (labels, value) in family.collected(cap: cap) {
            MetricText.append(name, labels: labels, value: value, to: &text)
        }
        for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
            switch series {
            case .counter(let counter):
                MetricText.append(name, labels: labels, value: Double(counter.value), to: &text)
            case .gauge(let gauge): MetricText.append(name, labels: labels, value: Double(gauge.value), to: &text)
            case .callback(let read): MetricText.append(name, labels: labels, value: read(), to: &text)
            case .histogram(let histogram): MetricText.append(name, labels: labels, histogram: histogram, to: &text)
            }
        }
    }

    private static func append(_ name: String, labels: String, histogram: Histogram, to text: inout String) {
        let prefix = labels.isEmpty ? "" : labels + ","
        // One reading serves the ranges and the count, so that they agree.
        let counts = histogram.cumulativeCounts
        for (bound, count) in zip(histogram.bounds.map(MetricText.number) + ["+Inf"], counts) {
            MetricText.append(name + "_bucket", labels: "\(prefix)le=\"\(bound)\"", value: Double(count), to: &text)
        }
        MetricText.append(name + "_sum", labels: labels, value: histogram.sum, to: &text)
        MetricText.append(name + "_count", labels: labels, value: Double(counts.last ?? 0), to: &text)
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int(exactly: value) { return String(whole) }
        return "\(value)"
    }

    static func escaped(labelValue: String) -> String {
        MetricText.escaped(help: labelValue).split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\\\"")
    }

    static func escaped(help: String) -> String {
        guard help.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") }) else { return help }
        var text = ""
        for scalar in help.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
