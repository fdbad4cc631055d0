// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Makes a plan of a SELECT … ALIGN BY DEVICE (`iotdb-sql.md` section 4.9): a plan for each device, side by side in columns
/// without the device's name.
struct DevicePlanner {
    /// What the plan of a device costs beside its expressions, for the memory of the query.
    private static let deviceBytes = 4_096

    private let context: StatementContext
    private let statement: SelectStatement
    private let memory: QueryMemory

    init(_ context: StatementContext, _ statement: SelectStatement, memory: QueryMemory) {
        self.context = context
        self.statement = statement
        self.memory = memory
    }

    func plan() throws(StatementError) -> StatementResult {
        for item in statement.items { try check(item.expression) }
        let (devicesDescend, timesDescend) = try order()
        var columns = Columns()
        var parts: [DeviceRows.Part] = []
        var hasTime = statement.grouping?.windows != nil || !statement.items.contains(where: \.expression.hasAggregate)
        for device in devices() {
            try memory.charge(Self.deviceBytes)
            guard let part = try part(device, &columns) else { continue }
            hasTime = part.rows.hasTime
            parts.append(part)
        }
        let page = statement.seriesPage
        let shown = Array(columns.list.indices.dropFirst(page.offset).prefix(page.limit ?? .max))
        guard !shown.isEmpty else { return context.rows([], hasTime: true, kind: .select, NoRows()) }
        if devicesDescend { parts.reverse() }
        let snapshot = context.service.storage.snapshot()
        snapshot.pin(parts.flatMap(\.rows.inputs))
        let rows = DeviceRows(
            parts, columns: columns.list, shown: shown, of: snapshot, order: timesDescend ? .descending : .ascending,
            fill: statement.fill, times: context.times, memory: memory)
        return context.rows(
            [.text("Device")] + shown.map { columns.list[$0] }, hasTime: hasTime, kind: .select,
            PagedRows(rows, page: statement.page, hasTime: hasTime))
    }

    /// Paths of the select list are single measurements: FROM names the devices.
    private func check(_ expression: Expression) throws(StatementError) {
        if case .path(let path) = expression.kind, path.nodes.count != 1 || path.isAbsolute || path.nodes == ["**"] {
            throw .semantic(
                "with ALIGN BY DEVICE a path of the select list is one measurement or *, and FROM names the devices; "
                    + "not `\(path.text)`")
        }
        for child in expression.children { try check(child) }
    }

    /// By device, then by time; either descending.
    private func order() throws(StatementError) -> (devices: Bool, times: Bool) {
        let order = statement.order
        switch order.map(\.key) {
        case []: return (false, false)
        case [.device]: return (order[0].isDescending, false)
        case [.device, .time]: return (order[0].isDescending, order[1].isDescending)
        default: throw .unsupported("ALIGN BY DEVICE ordered other than by DEVICE, TIME")
        }
    }

    /// The devices of the FROM patterns by path, each once.
    private func devices() -> [DeviceEntry] {
        var seen: Set<DeviceID> = []
        let found = statement.from.flatMap { context.schema.devices(matching: PathPattern(nodes: $0.nodes)) }
        return found.filter { seen.insert($0.id).inserted }
            .sorted { $0.path.nodes.lexicographicallyPrecedes($1.path.nodes) }
    }

    /// The plan of one device, its columns made columns of the result; nil if it has none of them.
    private func part(_ device: DeviceEntry, _ columns: inout Columns) throws(StatementError) -> DeviceRows.Part? {
        let prefix = PathText(nodes: device.path.nodes)
        var planner = ColumnPlanner(context, statement, from: [prefix], memory: memory)
        let outputs = try planner.expandedItems()
        guard let rows = try planner.plan(outputs) else { return nil }
        var targets: [Int] = []
        for (output, column) in zip(outputs, rows.columns) {
            let name = output.alias ?? output.expression.withoutDevice(prefix.nodes.count).printed
            targets.append(try columns.index(of: ResultColumn(name: name, type: column.type)))
        }
        return DeviceRows.Part(device: device.path.text, rows: rows, targets: targets)
    }

    /// The columns of the result, each name once, in order of appearance.
    private struct Columns {
        var list: [ResultColumn] = []
        private var indexes: [String: Int] = [:]

        mutating func index(of column: ResultColumn) throws(StatementError) -> Int {
            if let index = indexes[column.name] {
                guard list[index].type == column.type else {
                    throw .semantic(
                        "with ALIGN BY DEVICE `\(column.name)` must have one type, and is both "
                            + "\(list[index].type.name) and \(column.type.name)")
                }
                return index
            }
            indexes[column.name] = list.count
            list.append(column)
            return list.count - 1
        }
    }
}

extension Expression {
    /// The same with paths shortened by their first `count` nodes.
    fileprivate func withoutDevice(_ count: Int) -> Expression {
        if case .path(let path) = kind { return Expression(.path(PathText(nodes: Array(path.nodes.dropFirst(count))))) }
        return children.isEmpty ? self : replacingChildren(with: children.map { $0.withoutDevice(count) })
    }
}
