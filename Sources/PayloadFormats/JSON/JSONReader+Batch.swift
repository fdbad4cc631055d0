// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Batches: times and values are paired by index, and each row is judged alone (`mqtt-payloads.md` section 2.4).
extension JSONReader {
    @_lifetime(self: copy self)
    mutating func finishBatch(into rows: inout IncomingRows) {
        let width = rows.measurements.count - element.firstMeasurement
        let times = rows.times.count - element.firstTime
        rows.oddities[Int(Oddity.fractionalTimestamp.rawValue)] += element.cutTimes
        let isRegular =
            element.values.shape == .regularRows && element.values.width == width && width > 0
            && element.values.count == times && element.timeDefects.isEmpty
        if isRegular {
            for row in 0..<times { rows.rowIndexes.append(Int32(truncatingIfNeeded: row)) }
        } else {
            keepGoodRows(width: width, times: times, in: &rows)
        }
        if rows.times.count > element.firstTime {
            appendGroup(into: &rows)
        } else {
            takeBack(from: &rows)
        }
    }

    /// Refuses the bad rows and closes the gaps they leave among times and cells.
    @inline(never)
    @_lifetime(self: copy self)
    private mutating func keepGoodRows(width: Int, times: Int, in rows: inout IncomingRows) {
        var kept = 0
        var nextTimeDefect = 0
        for row in 0..<max(times, element.values.count) {
            var defect: JSONDefect?
            if nextTimeDefect < element.timeDefects.count, element.timeDefects[nextTimeDefect].row == row {
                defect = element.timeDefects[nextTimeDefect].defect
                nextTimeDefect += 1
            }
            let entry = entry(row)
            if let defect = defect ?? rowDefect(row, entry, width: width, times: times) {
                rows.refusedRows += 1
                report(defect, .row, row: row, into: &rows)
                continue
            }
            // Never to the right of where they come from, so moving in place is safe.
            rows.times[element.firstTime + kept] = rows.times[element.firstTime + row]
            for column in 0..<width {
                rows.cells[element.firstCell + kept * width + column] = rows.cells[entry.firstCell + column]
            }
            rows.rowIndexes.append(Int32(truncatingIfNeeded: row))
            kept += 1
        }
        rows.times.removeLast(rows.times.count - element.firstTime - kept)
        rows.cells.removeLast(rows.cells.count - element.firstCell - kept * width)
    }

    /// Where the values of a row lie; without meaning beyond the end of `values`.
    private func entry(_ row: Int) -> JSONValues.Entry {
        guard row < element.values.count else { return JSONValues.Entry(firstCell: element.firstCell, width: 0) }
        switch element.values.shape {
        case .irregular: return element.values.entries[row]
        case .regularRows:
            let width = element.values.width
            return JSONValues.Entry(firstCell: element.firstCell + row * width, width: width)
        case .flat, .empty:
            // A flat batch gets here only if all its entries are null.
            return JSONValues.Entry(
                firstCell: element.firstCell, width: 0, defect: JSONDefect(.rowIsNull, at: element.place))
        }
    }

    private func rowDefect(_ row: Int, _ entry: JSONValues.Entry, width: Int, times: Int) -> JSONDefect? {
        if row >= times {
            return JSONDefect(.rowWithoutTime, at: element.place, element.values.count, times)
        }
        if row >= element.values.count {
            return JSONDefect(.rowWithoutValues, at: element.place, element.values.count, times)
        }
        if let defect = entry.defect { return defect }
        if entry.width != width { return JSONDefect(.valuesLength, at: element.place, entry.width, width) }
        return width == 0 ? JSONDefect(.noMeasurements, at: element.place) : nil
    }
}
