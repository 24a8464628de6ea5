import Telemetry
import Testing

@Suite struct MetricsRegistryTests {
    private func text(_ registry: MetricsRegistry) -> String { String(decoding: registry.exposition(), as: UTF8.self) }

    @Test func `the exposition has the text format`() {
        let registry = MetricsRegistry()
        registry.counter("router_requests_total", help: "Requests.", labels: [("dialect", "chat"), ("status", "2xx")])
            .add(3)
        registry.counter("router_requests_total", help: "Requests.", labels: [("dialect", "chat"), ("status", "4xx")])
            .add()
        registry.gauge("router_in_flight", help: "Requests \\ in\nflight.").set(-2)
        registry.gauge("router_age_seconds", help: "Age.") { 1.5 }
        registry.counter("router_dropped_total", help: "Dropped.", labels: [("what", "a\"b\\c\nd")]) { 7 }
        registry.gauge("router_unknown", help: "Nothing known.") { .nan }
        let histogram = registry.histogram(
            "router_seconds",
            help: "Time.",
            buckets: [0.005, 1, 2.5],
            labels: [("group", "g")]
        )
        for value in [0.001, 0.005, 0.006, 1, 2, 100, 0.5] { histogram.observe(value) }
        histogram.observe(nanoseconds: 500_000_000)
        #expect(
            self.text(registry) == """
                # HELP router_age_seconds Age.
                # TYPE router_age_seconds gauge
                router_age_seconds 1.5
                # HELP router_dropped_total Dropped.
                # TYPE router_dropped_total counter
                router_dropped_total{what="a\\"b\\\\c\\nd"} 7
                # HELP router_in_flight Requests \\\\ in\\nflight.
                # TYPE router_in_flight gauge
                router_in_flight -2
                # HELP router_requests_total Requests.
                # TYPE router_requests_total counter
                router_requests_total{dialect="chat",status="2xx"} 3
                router_requests_total{dialect="chat",status="4xx"} 1
                # HELP router_seconds Time.
                # TYPE router_seconds histogram
                router_seconds_bucket{group="g",le="0.005"} 2
                router_seconds_bucket{group="g",le="1"} 6
                router_seconds_bucket{group="g",le="2.5"} 7
                router_seconds_bucket{group="g",le="+Inf"} 8
                router_seconds_sum{group="g"} 104.012
                router_seconds_count{group="g"} 8
                # HELP router_unknown Nothing known.
                # TYPE router_unknown gauge
                router_unknown NaN

                """
        )
    }

    @Test func `the same labels give the same metric`() {
        let registry = MetricsRegistry()
        let first = registry.counter("a_total", help: "A.", labels: [("x", "1")])
        #expect(registry.counter("a_total", help: "A.", labels: [("x", "1")]) === first)
        #expect(registry.counter("a_total", help: "A.", labels: [("x", "2")]) !== first)
        let histogram = registry.histogram("b", help: "B.")
        #expect(registry.histogram("b", help: "B.") === histogram)
        #expect(registry.gauge("c", help: "C.") === registry.gauge("c", help: "C."))
    }

    @Test func `label values beyond the cap share one series`() {
        let registry = MetricsRegistry(seriesCap: 2)
        for value in ["a", "b", "c", "d", "a", "c"] {
            registry.counter("x_total", help: "X.", labels: [("v", value), ("w", "1")]).add()
        }
        #expect(
            self.text(registry) == """
                # HELP x_total X.
                # TYPE x_total counter
                x_total{v="a",w="1"} 2
                x_total{v="b",w="1"} 1
                x_total{v="other",w="other"} 3

                """
        )
    }

    @Test func `label values that look alike when joined are told apart`() {
        let registry = MetricsRegistry()
        let first = registry.counter("x_total", help: "X.", labels: [("a", "1\",b=\"2")])
        let second = registry.counter("x_total", help: "X.", labels: [("a", "1"), ("b", "2")])
        #expect(first !== second)
    }

    @Test func `counters never fall and odd measures are ignored`() {
        let registry = MetricsRegistry()
        let counter = registry.counter("x_total", help: "X.")
        counter.add(5)
        counter.add(-3)
        counter.add(0)
        #expect(counter.value == 5)
        let histogram = registry.histogram("h", help: "H.", buckets: [1])
        for value in [Double.nan, .infinity, -.infinity] { histogram.observe(value) }
        #expect(histogram.count == 0)
        histogram.observe(-1)
        #expect(histogram.cumulativeCounts == [1, 1])
        #expect(histogram.sum == -1)
    }

    @Test func `concurrent adding loses nothing`() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let counter = registry.counter("x_total", help: "X.", labels: [("t", "\(task % 2)")])
                    let histogram = registry.histogram("h", help: "H.", buckets: [1, 2])
                    let gauge = registry.gauge("g", help: "G.")
                    for index in 0..<10_000 {
                        counter.add()
                        histogram.observe(Double(index % 4))
                        gauge.add(3)
                        gauge.subtract(2)
                        if index % 1000 == 0 { _ = registry.exposition() }
                    }
                }
            }
        }
        #expect(registry.counter("x_total", help: "X.", labels: [("t", "0")]).value == 40_000)
        #expect(registry.counter("x_total", help: "X.", labels: [("t", "1")]).value == 40_000)
        let histogram = registry.histogram("h", help: "H.", buckets: [1, 2])
        #expect(histogram.cumulativeCounts == [40_000, 60_000, 80_000])
        #expect(histogram.sum == 120_000)
        #expect(registry.gauge("g", help: "G.").value == 80_000)
    }

    @Test func `a callback may use its registry`() {
        let registry = MetricsRegistry()
        // Held weakly: a registry keeps its callbacks.
        registry.gauge("g", help: "G.") { [weak registry] in
            Double(registry?.counter("x_total", help: "X.").value ?? 0)
        }
        registry.counter("x_total", help: "X.").add(4)
        #expect(self.text(registry).contains("\ng 4\n"))
    }

    @Test func `a later callback takes the place of the earlier`() {
        let registry = MetricsRegistry()
        registry.gauge("g", help: "G.") { 1 }
        registry.gauge("g", help: "G.") { 2 }
        #expect(self.text(registry).hasSuffix("\ng 2\n"))
    }

    @Test func `one name for two kinds ends the process`() async {
        await #expect(processExitsWith: .failure) {
            let registry = MetricsRegistry()
            _ = registry.counter("x", help: "X.")
            _ = registry.gauge("x", help: "X.")
        }
        await #expect(processExitsWith: .failure) { _ = MetricsRegistry().counter("1x", help: "X.") }
    }
}
