// SPDX-License-Identifier: Apache-2.0

extension MetricsRegistry {
    /// Every metric as plain numbers, sorted by name and labels. A histogram gives `NAME_count`, `NAME_sum` (seconds) and,
    /// once something was recorded, `NAME` with the label `quantile` (0.5, 0.9, 0.99; seconds).
    package func samples() -> [MetricSample] {
        var samples: [MetricSample] = []
        for (name, family) in sortedFamilies() {
            for (labels, instrument) in family.members {
                if case .histogram(let histogram) = instrument {
                    samples += Self.samples(name, labels, histogram.snapshot())
                } else {
                    samples.append(MetricSample(name: name, labels: labels, value: instrument.number))
                }
            }
        }
        return samples.sorted { ($0.name, $0.labelText) < ($1.name, $1.labelText) }
    }

    private static func samples(
        _ name: String, _ labels: [MetricLabel], _ snapshot: LatencySnapshot
    ) -> [MetricSample] {
        let quantiles = [0.5, 0.9, 0.99].compactMap { fraction in
            snapshot.quantile(fraction).map { nanoseconds in
                MetricSample(
                    name: name, labels: (labels + [MetricLabel(name: "quantile", value: "\(fraction)")]).sorted(),
                    value: nanoseconds / 1e9)
            }
        }
        return quantiles + [
            MetricSample(name: name + "_count", labels: labels, value: Double(snapshot.count)),
            MetricSample(name: name + "_sum", labels: labels, value: Double(snapshot.sumNanoseconds) / 1e9),
        ]
    }
}

extension MetricsRegistry.Instrument {
    /// The value of everything but a histogram.
    var number: Double {
        switch self {
        case .counter(let counter): Double(counter.value)
        case .gauge(let gauge): Double(gauge.value)
        case .histogram(let histogram): Double(histogram.snapshot().count)
        case .observed(let read): read()
        }
    }
}
