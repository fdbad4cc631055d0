// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The halves of removing statements that do not wait for the log.
extension StorageEngine {
    /// Has points deleted with the next commit.
    func requestDeletions(_ points: [SchemaRemoval.Points]) throws(StorageError) {
        try memtables.request(points, isVisible: false, max: environment.settings.deletionsMax)
        schema.request(points)
    }

    /// Drops series: at once for whoever looks, with the next commit for the log. Returns how many there were.
    func requestDropOfSeries(_ patterns: [PathPattern]) throws(StorageError) -> Int {
        var entries: [SeriesEntry] = []
        var points: [SchemaRemoval.Points] = []
        for pattern in patterns {
            let found = schema.series(matching: pattern)
            guard !found.isEmpty else { continue }
            entries += found
            points.append(SchemaRemoval.Points(pattern: pattern, range: .all))
        }
        return try drop(points) { schema.drop(entries, points: points) }
    }

    /// Drops databases as ``requestDropOfSeries(_:)`` does series.
    func requestDropOfDatabases(_ patterns: [PathPattern]) throws(StorageError) -> Int {
        let databases = schema.databases().filter { database in
            patterns.contains { $0.matches(database.nodes) }
        }
        let points = databases.map { SchemaRemoval.Points(pattern: PathPattern(nodes: $0.nodes + ["**"]), range: .all) }
        return try drop(points) { schema.drop(databases, points: points) }
    }

    /// The points are hidden before the names are free: whoever takes one finds nothing of its predecessor.
    private func drop(_ points: [SchemaRemoval.Points], _ body: () -> Int) throws(StorageError) -> Int {
        guard !points.isEmpty else { return 0 }
        try memtables.request(points, isVisible: true, max: environment.settings.deletionsMax)
        let dropped = body()
        if dropped == 0 { memtables.withdraw(points) }
        return dropped
    }
}
