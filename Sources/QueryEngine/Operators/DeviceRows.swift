// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// The rows of one device after the other, under common columns.
final class DeviceRows: RowSource {
    /// A device and its plan.
    struct Part: Sendable {
        var device: String
        var rows: PlannedRows
        /// The common column of each column of the plan.
        var targets: [Int]
    }

    private let parts: [Part]
    private let columns: [ResultColumn]
    private let shown: [Int]
    private let snapshot: Snapshot
    private let order: TimeOrder
    private let fill: SelectStatement.Fill?
    private let times: TimeContext
    private let memory: QueryMemory
    private var position = 0
    private var current: (any RowSource)?

    /// `shown` are the columns that the result has, behind Device.
    init(
        _ parts: [Part], columns: [ResultColumn], shown: [Int], of snapshot: Snapshot, order: TimeOrder,
        fill: SelectStatement.Fill?, times: TimeContext, memory: QueryMemory
    ) {
        self.parts = parts
        self.columns = columns
        self.shown = shown
        self.snapshot = snapshot
        self.order = order
        self.fill = fill
        self.times = times
        self.memory = memory
    }

    func next(limit: Int) throws(StatementError) -> RowBlock? {
        while position < parts.count {
            if let block = try open(parts[position]).next(limit: limit) { return arranged(block, parts[position]) }
            current = nil
            position += 1
        }
        return nil
    }

    private func open(_ part: Part) -> any RowSource {
        if let current { return current }
        var source = part.rows.open(snapshot, order: order, memory: memory)
        if let fill { source = FilledRows.make(fill, over: source, times: times, memory: memory) }
        current = source
        return source
    }

    private func arranged(_ block: RowBlock, _ part: Part) -> RowBlock {
        var sources = [Int?](repeating: nil, count: columns.count)
        for (index, target) in part.targets.enumerated() { sources[target] = index }
        let device = CellColumn(repeating: .text(part.device), count: block.rowCount)
        let cells = shown.map { column in
            sources[column].map { block.columns[$0] } ?? CellColumn(nulls: block.rowCount, type: columns[column].type)
        }
        return RowBlock(times: block.times, columns: [device] + cells)
    }
}
