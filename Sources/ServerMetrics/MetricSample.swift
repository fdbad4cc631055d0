// SPDX-License-Identifier: Apache-2.0

/// A label of a metric, for example `reason="bad_json"`.
package struct MetricLabel: Sendable, Hashable, Comparable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.name, lhs.value) < (rhs.name, rhs.value)
    }
}

/// One number of a listing of all metrics.
package struct MetricSample: Sendable, Equatable {
    package let name: String
    /// Sorted by name.
    package let labels: [MetricLabel]
    package let value: Double

    package init(name: String, labels: [MetricLabel], value: Double) {
        self.name = name
        self.labels = labels
        self.value = value
    }

    /// The labels as `name="value",…`, escaped as the Prometheus text format wants it; empty without labels.
    package var labelText: String { PrometheusText.labels(labels) }
}
