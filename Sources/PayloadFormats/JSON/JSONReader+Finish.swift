// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The end of an element: what was read becomes a group of rows, or is refused.
extension JSONReader {
    @_lifetime(self: copy self)
    mutating func finishElement(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        if let defect = firstDefect(rows) {
            refuseElement(defect, into: &rows)
        } else if isBatch {
            finishBatch(into: &rows)
        } else {
            try finishRow(into: &rows)
        }
    }

    /// Both time keys: the element is a row, as in IoTDB, and counted.
    private var isBatch: Bool { element.seen.contains(.timestamps) && !element.seen.contains(.timestamp) }

    /// What refuses the element as a whole, in reading order: path, time, names, values, types.
    private func firstDefect(_ rows: borrowing IncomingRows) -> JSONDefect? {
        if element.device == nil { return element.deviceDefect ?? JSONDefect(.deviceMissing, at: element.place) }
        if let defect = timeDefect { return defect }
        if !element.seen.contains(.measurements) { return JSONDefect(.measurementsMissing, at: element.place) }
        if let defect = element.measurementsDefect ?? repeatedName(rows) { return defect }
        if !element.seen.contains(.values) { return JSONDefect(.valuesMissing, at: element.place) }
        if let defect = element.valuesDefect ?? element.typesDefect { return defect }
        let width = rows.measurements.count - element.firstMeasurement
        let types = rows.declaredTypes.count - element.firstType
        if element.hasTypes, types != width { return JSONDefect(.typesLength, at: element.place, types, width) }
        if let defect = element.alignmentDefect { return defect }
        return isBatch ? flatBatch(rows) : rowDefect(width)
    }

    private var timeDefect: JSONDefect? {
        if element.seen.contains(.timestamp) { return element.timestampDefect }
        if element.seen.contains(.timestamps) { return element.timestampsDefect }
        return settings.missingTimestamp == .arrival ? nil : JSONDefect(.timeMissing, at: element.place)
    }

    /// A batch whose values are one flat array. If they are all null, each is the missing array of one row instead.
    private func flatBatch(_ rows: borrowing IncomingRows) -> JSONDefect? {
        guard element.values.shape == .flat else { return nil }
        for index in element.firstCell..<rows.cells.count where rows.cells[index].kind != .null {
            return JSONDefect(.valuesFlat, at: element.place)
        }
        return nil
    }

    private func rowDefect(_ width: Int) -> JSONDefect? {
        if let container = element.values.firstContainer { return container }
        if element.values.count != width {
            return JSONDefect(.valuesLength, at: element.place, element.values.count, width)
        }
        return width == 0 ? JSONDefect(.noMeasurements, at: element.place) : nil
    }

    @_lifetime(self: copy self)
    private mutating func finishRow(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        if element.seen.contains(.timestamps) {
            rows.count(.bothTimeKeys)
            rows.times.removeLast(rows.times.count - element.firstTime)
        }
        guard rows.times.count < settings.limits.rowsMax else {
            throw scanner.failure(.tooManyRows(settings.limits.rowsMax))
        }
        if element.timestampWasCut { rows.count(.fractionalTimestamp) }
        if !element.seen.contains(.timestamp) { rows.noteArrivalTime() }
        rows.times.append(element.timestamp)
        rows.rowIndexes.append(-1)
        appendGroup(into: &rows)
    }

    /// Appends the group of the times that are there now.
    @_lifetime(self: copy self)
    mutating func appendGroup(into rows: inout IncomingRows) {
        guard let device = element.device else { return }
        countSuspiciousTimes(in: &rows)
        rows.groups.append(
            IncomingGroup(
                element: element.number, device: device,
                measurements: element.firstMeasurement..<rows.measurements.count,
                declaredTypes: element.hasTypes ? element.firstType..<rows.declaredTypes.count : nil,
                rows: element.firstTime..<rows.times.count, firstCell: element.firstCell, isAligned: element.isAligned))
    }

    /// Times that would lie in early 1970 but make sense in a coarser unit: stored, and counted.
    private func countSuspiciousTimes(in rows: inout IncomingRows) {
        let upper = 10_000_000 * settings.precision.unitsPerSecond
        var count = 0
        for index in element.firstTime..<rows.times.count {
            let time = rows.times[index]
            if time >= 1_000_000_000, time < upper { count += 1 }
        }
        rows.oddities[Int(Oddity.suspiciousTimestamp.rawValue)] += count
    }

    /// Reports a defect of the whole element and takes back what it has appended.
    @_lifetime(self: copy self)
    mutating func refuseElement(_ defect: JSONDefect, into rows: inout IncomingRows) {
        let batchRows = max(rows.times.count - element.firstTime, element.values.count)
        rows.refusedRows += isBatch ? max(1, batchRows) : 1
        report(defect, .element, row: -1, into: &rows)
        takeBack(from: &rows)
    }

    func takeBack(from rows: inout IncomingRows) {
        rows.measurements.removeLast(rows.measurements.count - element.firstMeasurement)
        rows.declaredTypes.removeLast(rows.declaredTypes.count - element.firstType)
        rows.times.removeLast(rows.times.count - element.firstTime)
        rows.cells.removeLast(rows.cells.count - element.firstCell)
    }

    /// Counts a problem, and keeps it up to the limit of one message.
    func report(_ defect: JSONDefect, _ extent: Problem.Extent, row: Int, into rows: inout IncomingRows) {
        // Pieces with escapes lie behind the payload: then the element is the place.
        let offset = defect.range.upperBound <= scanner.bytes.count ? defect.range.lowerBound : element.offset
        let number = element.number, device = element.device, settings = settings
        rows.report(defect.code, keeping: settings.limits.problemsMax) { rows in
            Problem(
                defect.code, extent, element: number, row: row, device: device.map { rows.shownDevice($0) } ?? "",
                offset: offset, defect.message(rows.text.span, settings))
        }
    }
}
