// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// One event of the schema on its way to the log and to the catalog. All of it is there after a crash, or nothing.
enum SchemaChange: Equatable, Sendable {
    case definition(SchemaDefinition)
    case removal(SchemaRemoval)
    /// nil = the rule is gone.
    case timeToLive(pattern: String, milliseconds: Int64?)

    /// Whether points are hidden by it.
    var deletesPoints: Bool { if case .removal(let removal) = self { !removal.points.isEmpty } else { false } }
}

/// What goes: points (by name and time), and things of the schema (by id).
struct SchemaRemoval: Equatable, Sendable {
    struct Points: Equatable, Sendable {
        var pattern: PathPattern
        var range: TimeRange
    }

    var points: [Points] = []
    var series: [UInt32] = []
    var devices: [UInt32] = []
    var databases: [UInt32] = []

    var hasIDs: Bool { !series.isEmpty || !devices.isEmpty || !databases.isEmpty }
}
