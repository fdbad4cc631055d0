// SPDX-License-Identifier: Apache-2.0

extension MetricsRegistry {
    /// All metrics in the Prometheus text exposition format 0.0.4, sorted by name and labels.
    package func prometheusText() -> String {
        var text = ""
        for (name, family) in sortedFamilies() {
            text += "# HELP \(name) \(PrometheusText.escapedHelp(family.help))\n"
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, instrument) in family.members.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                if case .histogram(let histogram) = instrument {
                    text += Self.lines(name, labels, histogram.snapshot())
                } else {
                    text += PrometheusText.line(name, labels, instrument.number)
                }
            }
        }
        return text
    }

    private static func lines(_ name: String, _ labels: [MetricLabel], _ snapshot: LatencySnapshot) -> String {
        var text = ""
        for index in LatencyBuckets.exposedBounds {
            let bound = PrometheusText.number(Double(LatencyBuckets.lowerBound(ofBucket: index)) / 1e9)
            text += PrometheusText.line(
                name + "_bucket", labels + [MetricLabel(name: "le", value: bound)],
                Double(snapshot.count(belowBucket: index)))
        }
        text += PrometheusText.line(
            name + "_bucket", labels + [MetricLabel(name: "le", value: "+Inf")], Double(snapshot.count))
        text += PrometheusText.line(name + "_sum", labels, Double(snapshot.sumNanoseconds) / 1e9)
        text += PrometheusText.line(name + "_count", labels, Double(snapshot.count))
        return text
    }
}

/// The lexical rules of the Prometheus text format.
enum PrometheusText {
    static func line(_ name: String, _ labels: [MetricLabel], _ value: Double) -> String {
        labels.isEmpty ? "\(name) \(number(value))\n" : "\(name){\(self.labels(labels))} \(number(value))\n"
    }

    static func labels(_ labels: [MetricLabel]) -> String {
        labels.map { "\($0.name)=\"\(escapedLabel($0.value))\"" }.joined(separator: ",")
    }

    /// Whole numbers without a fraction, `NaN`, `+Inf` and `-Inf`, everything else as Swift prints it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    static func escapedHelp(_ text: String) -> String { escaped(text, quotes: false) }

    static func escapedLabel(_ text: String) -> String { escaped(text, quotes: true) }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
