// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

/// Who asks what, and when: what the steps of one statement share.
struct StatementContext: Sendable {
    let service: QueryService
    let principal: Principal
    let times: TimeContext

    var schema: SchemaStore { service.storage.schema }
    var settings: QuerySettings { service.settings }

    /// Whether the user may see the points of a series.
    func mayRead(_ series: SeriesEntry) -> Bool {
        principal == .root
            || service.access.allows(principal, .readData, onPath: series.device.path.nodes + [series.measurement])
    }

    /// Whether the user may know of a path.
    func mayKnow(_ nodes: [String]) -> Bool {
        principal == .root || service.access.allows(principal, .readSchema, onPath: nodes)
    }

    /// 803 unless the user holds a global privilege.
    func require(_ privilege: Privilege) throws(StatementError) {
        guard service.access.allows(principal, privilege) else {
            throw .denied(privilege.sqlName, on: "root.**")
        }
    }

    /// A result of this statement.
    func rows(
        _ columns: [ResultColumn], hasTime: Bool = false, kind: ResultSet.Kind = .listing,
        _ source: sending any BlockSource
    ) -> StatementResult {
        .rows(
            ResultSet(columns: columns, hasTime: hasTime, kind: kind, threads: service.pools.reading, source: source))
    }
}

extension SeriesEntry {
    /// The canonical nodes of the series.
    var nodes: [String] { device.path.nodes + [measurement] }
    /// The canonical path of the series.
    var path: String { device.path.text + "." + measurement }
}
