// SPDX-License-Identifier: Apache-2.0

import AccessControl
import TimeSeriesModel

/// `SHOW VARIABLES`: what a client must know of the server to read its answers, first of all the unit of its times.
struct VariablesView: SystemView {
    private let settings: QuerySettings

    init(_ settings: QuerySettings) { self.settings = settings }

    var name: [String] { ["VARIABLES"] }
    var columns: [ResultColumn] { [.text("Variable"), .text("Value")] }
    var hasTime: Bool { false }
    var privilege: Privilege? { nil }

    func open() -> sending any SystemViewRows {
        Rows([
            ("TimestampPrecision", settings.precision.rawValue),
            ("TimePartitionInterval", String(settings.timePartitionInterval)),
            ("Version", settings.version),
        ])
    }

    private final class Rows: SystemViewRows {
        private var variables: ArraySlice<(name: String, value: String)>

        init(_ variables: [(name: String, value: String)]) { self.variables = variables[...] }

        func next(limit: Int) -> [SystemViewRow] {
            let taken = variables.prefix(limit)
            variables = variables.dropFirst(taken.count)
            return taken.map { SystemViewRow(cells: [.text(Array($0.name.utf8)), .text(Array($0.value.utf8))]) }
        }
    }
}
