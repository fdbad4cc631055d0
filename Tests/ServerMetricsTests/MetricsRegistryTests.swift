// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ServerMetrics

@Suite struct MetricsRegistryTests {
    @Test func sameNameAndLabelsAreOneInstrument() {
        let registry = MetricsRegistry()
        let first = registry.counter("a_total", help: "A.", labels: [("x", "1"), ("y", "2")])
        let again = registry.counter("a_total", help: "A.", labels: [("y", "2"), ("x", "1")])
        let other = registry.counter("a_total", help: "A.", labels: [("x", "2"), ("y", "2")])
        #expect(first === again)
        #expect(first !== other)
        #expect(registry.histogram("h_seconds", help: "H.") === registry.histogram("h_seconds", help: "H."))
        #expect(registry.gauge("g", help: "G.") === registry.gauge("g", help: "G."))
    }

    @Test func samplesAreSortedByNameAndLabels() {
        let registry = MetricsRegistry()
        registry.counter("b_total", help: "B.", labels: [("kind", "z")]).increment(by: 3)
        registry.counter("b_total", help: "B.", labels: [("kind", "a")]).increment()
        let gauge = registry.gauge("a", help: "A.")
        gauge.set(5)
        gauge.add(-7)
        registry.observe("c", help: "C.") { 1.5 }
        #expect(
            registry.samples() == [
                MetricSample(name: "a", labels: [], value: -2),
                MetricSample(name: "b_total", labels: [MetricLabel(name: "kind", value: "a")], value: 1),
                MetricSample(name: "b_total", labels: [MetricLabel(name: "kind", value: "z")], value: 3),
                MetricSample(name: "c", labels: [], value: 1.5),
            ])
    }

    @Test func histogramsAreListedAsCountSumAndQuantiles() {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("wait_seconds", help: "W.")
        #expect(registry.samples().map(\.name) == ["wait_seconds_count", "wait_seconds_sum"])
        for _ in 0..<4 { histogram.record(nanoseconds: 250_000_000) }
        let samples = registry.samples()
        #expect(samples.prefix(3).map(\.labelText) == [#"quantile="0.5""#, #"quantile="0.9""#, #"quantile="0.99""#])
        #expect(samples.prefix(3).allSatisfy { abs($0.value - 0.25) <= 0.0625 })
        #expect(samples.suffix(2).map(\.value) == [4, 1])
    }

    @Test func anObservedValueIsReadWhenListedAndReplaced() {
        let registry = MetricsRegistry(), source = Gauge()
        registry.observe("queue_bytes", help: "Q.") { Double(source.value) }
        source.set(9)
        #expect(registry.samples().map(\.value) == [9])
        registry.observe("queue_bytes", help: "Q.") { 1 }
        #expect(registry.samples().map(\.value) == [1])
    }

    @Test func prometheusText() {
        let registry = MetricsRegistry()
        registry.counter("m_total", help: "Back\\slash\nand line.", labels: [("why", "say \"no\"\\\n")]).increment(
            by: 2)
        registry.observe("seen_total", help: "Seen.") { 7 }
        registry.observe("nothing", help: "N.") { Double.nan }
        registry.observe("ratio", help: "R.") { 0.25 }
        #expect(
            registry.prometheusText() == #"""
                # HELP m_total Back\\slash\nand line.
                # TYPE m_total counter
                m_total{why="say \"no\"\\\n"} 2
                # HELP nothing N.
                # TYPE nothing gauge
                nothing NaN
                # HELP ratio R.
                # TYPE ratio gauge
                ratio 0.25
                # HELP seen_total Seen.
                # TYPE seen_total counter
                seen_total 7

                """#)
    }

    @Test func prometheusHistogramIsCumulative() throws {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("commit_seconds", help: "C.", labels: [("loop", "0")])
        histogram.record(nanoseconds: 500)
        histogram.record(nanoseconds: 1_500)
        histogram.record(nanoseconds: 1_000_000_000_000)
        let lines = registry.prometheusText().split(separator: "\n").map(String.init)
        #expect(lines[1] == "# TYPE commit_seconds histogram")
        #expect(lines[2] == #"commit_seconds_bucket{loop="0",le="1.024e-06"} 1"#)
        #expect(lines[3] == #"commit_seconds_bucket{loop="0",le="2.048e-06"} 2"#)
        #expect(lines.contains(#"commit_seconds_bucket{loop="0",le="+Inf"} 3"#))
        #expect(lines.contains(#"commit_seconds_sum{loop="0"} 1000.000002"#))
        #expect(lines.last == #"commit_seconds_count{loop="0"} 3"#)
        let counts = try lines.filter { $0.contains("_bucket") }.map { line in
            try #require(line.split(separator: " ").last.flatMap { Int($0) })
        }
        #expect(counts == counts.sorted())
    }
}
