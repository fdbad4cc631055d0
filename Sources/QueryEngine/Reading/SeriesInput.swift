// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// One series being read: its cursor, and the block at hand.
struct SeriesInput {
    private var cursor: SeriesCursor
    private(set) var block: PointColumn
    /// The next point of the block.
    var position = 0
    private var isAtEnd = false

    init(_ cursor: SeriesCursor, type: DataType) {
        self.cursor = cursor
        block = PointColumn(type)
    }

    var hasPoint: Bool { position < block.count }
    /// The last time of the block at hand; nil if it is used up.
    var lastTime: Timestamp? { hasPoint ? block.times.last : nil }

    /// Reads the next block if the one at hand is used up; false at the end.
    mutating func fill(_ memory: QueryMemory) throws(StatementError) -> Bool {
        if hasPoint { return true }
        if isAtEnd { return false }
        memory.release(Self.byteCount(block))
        block.times.removeAll()
        block.values.removeAll(keepingCapacity: false)
        position = 0
        do throws(StorageError) {
            guard let next = try cursor.next() else {
                isAtEnd = true
                return false
            }
            block = next
        } catch {
            isAtEnd = true
            throw StatementError(error)
        }
        try memory.charge(Self.byteCount(block))
        return true
    }

    /// Gives the memory back.
    mutating func finish(_ memory: QueryMemory) {
        memory.release(Self.byteCount(block))
        block.times.removeAll()
        block.values.removeAll(keepingCapacity: false)
        position = 0
        isAtEnd = true
    }

    private static func byteCount(_ block: borrowing PointColumn) -> Int {
        block.times.count * 16 + block.values.bytes.count
    }
}

extension StatementError {
    /// Reading or writing failed.
    init(_ error: StorageError) {
        switch error.code {
        case .readOnly: self.init(code: 600, message: error.message)
        case .overloaded: self.init(code: 606, message: error.message)
        case .closed: self.init(code: 301, message: error.message)
        default: self.init(code: 708, message: error.message)
        }
    }
}
