// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Tablet {
    /// The tablet in two: half the rows each, or half the columns where there is one row; nil = a single value.
    func halves() -> (Tablet, Tablet)? {
        if times.count > 1 {
            let middle = times.count / 2
            return (rows(0..<middle), rows(middle..<times.count))
        }
        guard columnCount > 1 else { return nil }
        return (columns(0..<columnCount / 2), columns(columnCount / 2..<columnCount))
    }

    private func columns(_ range: Range<Int>) -> Tablet {
        var part = Tablet()
        part.times = times
        part.columns = Array(columns[range])
        part.columnCount = range.count
        return part
    }

    private func rows(_ range: Range<Int>) -> Tablet {
        var part = Tablet()
        part.times = Array(times[range])
        for column in columns[..<columnCount] {
            part.addColumn(series: column.series, type: column.values.type)
            part.columns[part.columnCount - 1].copy(range, of: column)
        }
        return part
    }
}

extension Tablet.Column {
    /// Takes the values of some rows of another column.
    fileprivate mutating func copy(_ rows: Range<Int>, of other: Tablet.Column) {
        guard !other.presence.isEmpty else {
            for row in rows { values.append(from: other.values, at: row) }
            return
        }
        presence = [UInt64](repeating: 0, count: (rows.count + 63) / 64)
        var value = 0
        for row in 0..<rows.upperBound where other.presence[row / 64] >> UInt64(row & 63) & 1 == 1 {
            if row >= rows.lowerBound {
                values.append(from: other.values, at: value)
                let position = row - rows.lowerBound
                presence[position / 64] |= 1 << UInt64(position & 63)
            }
            value += 1
        }
    }
}
