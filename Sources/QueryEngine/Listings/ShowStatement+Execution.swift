// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel
import TsFile

/// SHOW; the headers are those of `iotdb-sql.md` section 7.
extension StatementContext {
    func show(_ statement: ShowStatement) throws(StatementError) -> StatementResult {
        switch statement {
        case .databases(let pattern, let details): return showDatabases(pattern, details: details)
        case .devices(let pattern, let withDatabase, let page):
            return showDevices(pattern, withDatabase: withDatabase, page)
        case .timeseries(let pattern, let page): return showTimeseries(pattern, page)
        case .childPaths(let pattern):
            let tree = SchemaTree(self)
            return listing(
                [.text("ChildPaths"), .text("NodeTypes")],
                of: tree.children(of: pattern)
            ) { nodes in [.text(nodes.joined(separator: ".")), .text(tree.kind(of: nodes))] }
        case .childNodes(let pattern):
            let names = Set(SchemaTree(self).children(of: pattern).compactMap(\.last)).sorted()
            return listing([.text("ChildNodes")], of: names) { [.text($0)] }
        case .timesToLive(let patterns): return showTimesToLive(patterns)
        case .version:
            return listing(
                [.text("Version"), .text("BuildInfo")], row: [.text(settings.version), .text(settings.buildInfo)])
        case .currentTimestamp:
            return listing([ResultColumn(name: "CurrentTimestamp", type: .int64)], row: [.int64(times.now)])
        case .view(let words, let page, let position):
            return try showView(words, page, position)
        }
    }

    private func showDatabases(_ pattern: PathText, details: Bool) -> StatementResult {
        var columns: [ResultColumn] = [
            .text("Database"), ResultColumn(name: "SchemaReplicationFactor", type: .int32),
            ResultColumn(name: "DataReplicationFactor", type: .int32),
            ResultColumn(name: "TimePartitionOrigin", type: .int64),
            ResultColumn(name: "TimePartitionInterval", type: .int64),
        ]
        if details {
            columns += [
                "SchemaRegionGroupNum", "MinSchemaRegionGroupNum", "MaxSchemaRegionGroupNum", "DataRegionGroupNum",
                "MinDataRegionGroupNum", "MaxDataRegionGroupNum",
            ].map { ResultColumn(name: $0, type: .int32) }
        }
        let facts: [Value?] = [.int32(1), .int32(1), .int64(0), .int64(settings.timePartitionInterval)]
        let regions = [Value?](repeating: .int32(1), count: details ? 6 : 0)
        return listing(columns, of: visibleDatabases(pattern)) { [.text($0.path)] + facts + regions }
    }

    private func showDevices(_ pattern: PathText, withDatabase: Bool, _ page: Page) -> StatementResult {
        let names = withDatabase ? ["Device", "Database"] : ["Device"]
        let unit = settings.precision.unitsPerSecond / 1_000
        return listing(
            (names + ["IsAligned", "Template", "TTL(ms)"]).map { ResultColumn.text($0) }, of: visibleDevices(pattern),
            page: page
        ) { device in
            let database: [Value?] = withDatabase ? [.text(device.database.path)] : []
            return [.text(device.path.text)] + database
                + [
                    .text(device.isAligned ? "true" : "false"), nil,
                    .text(Self.timeToLiveText(device.timeToLive.map { $0 / unit })),
                ]
        }
    }

    private func showTimeseries(_ pattern: PathText, _ page: Page) -> StatementResult {
        listing(
            [
                "Timeseries", "Alias", "Database", "DataType", "Encoding", "Compression", "Tags", "Attributes",
                "Deadband", "DeadbandParameters", "ViewType",
            ].map { ResultColumn.text($0) }, of: visibleSeries(pattern), page: page
        ) { series in
            [
                .text(series.path), nil, .text(series.device.database.path), .text(series.type.name),
                .text(series.encoding.name), .text(series.compressor.name), nil, nil, nil, nil, .text("BASE"),
            ]
        }
    }

    private func showView(
        _ words: [String], _ page: Page, _ position: SourcePosition
    ) throws(StatementError) -> StatementResult {
        guard let view = service.views.first(where: { $0.name == words }) else {
            let known = service.views.map { $0.name.joined(separator: " ") }
            let others = known.isEmpty ? "" : ", \(known.joined(separator: ", "))"
            throw .parsing(
                line: position.line, column: position.column,
                "mismatched input '\(words.joined(separator: " ").prefix(64))' expecting DATABASES, DEVICES, TIMESERIES, "
                    + "CHILD PATHS, CHILD NODES, ALL TTL, TTL ON, VERSION, CURRENT_TIMESTAMP\(others)")
        }
        if let privilege = view.privilege { try require(privilege) }
        return rows(
            view.columns, hasTime: view.hasTime,
            PagedRows(ViewRows(view, try view.open()), page: page, hasTime: view.hasTime))
    }
}

/// COUNT.
extension StatementContext {
    func count(_ statement: CountStatement) throws(StatementError) -> StatementResult {
        switch statement {
        case .databases(let pattern):
            return listing(
                [ResultColumn(name: "count(database)", type: .int32)],
                row: [.int32(Int32(clamping: visibleDatabases(pattern).count))])
        case .devices(let pattern): return counted("count(devices)", visibleDevices(pattern).count)
        case .timeseries(let pattern, nil): return counted("count(timeseries)", visibleSeries(pattern).count)
        case .timeseries(let pattern, let level?): return countTimeseries(pattern, level: level)
        case .nodes(let pattern, let level):
            return counted("count(nodes)", SchemaTree(self).countNodes(pattern, level: level))
        }
    }

    private func counted(_ name: String, _ count: Int) -> StatementResult {
        listing([ResultColumn(name: name, type: .int64)], row: [.int64(Int64(count))])
    }

    private func countTimeseries(_ pattern: PathText, level: Int) -> StatementResult {
        var counts: [[String]: Int64] = [:]
        for series in visibleSeries(pattern) {
            let nodes = series.nodes
            if nodes.count > level { counts[Array(nodes.prefix(level + 1)), default: 0] += 1 }
        }
        let sorted = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return listing([.text("Column"), ResultColumn(name: "count(timeseries)", type: .int64)], of: sorted) {
            [.text($0.key.joined(separator: ".")), .int64($0.value)]
        }
    }
}
