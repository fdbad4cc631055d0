// SPDX-License-Identifier: Apache-2.0

package import AccessControl
package import ServerMetrics
import TimeSeriesModel

/// `SHOW METRICS`: every metric of the server with its value now.
package struct MetricsView: SystemView {
    private let registry: MetricsRegistry

    package init(_ registry: MetricsRegistry) { self.registry = registry }

    package var name: [String] { ["METRICS"] }
    package var hasTime: Bool { false }
    package var privilege: Privilege? { .maintain }

    package var columns: [ResultColumn] {
        [.text("Name"), .text("Labels"), ResultColumn(name: "Value", type: .double)]
    }

    package func open() -> sending any SystemViewRows { Rows(registry.samples()) }

    private final class Rows: SystemViewRows {
        private var samples: ArraySlice<MetricSample>

        init(_ samples: [MetricSample]) { self.samples = samples[...] }

        func next(limit: Int) -> [SystemViewRow] {
            let taken = samples.prefix(limit)
            samples = samples.dropFirst(taken.count)
            return taken.map { sample in
                SystemViewRow(cells: [.text(sample.name), .text(sample.labelText), .double(sample.value)])
            }
        }
    }
}
