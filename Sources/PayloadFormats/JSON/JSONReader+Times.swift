// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// `timestamp` and `timestamps` (`mqtt-payloads.md` sections 2.3 and 2.7).
extension JSONReader {
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readTimestamp(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        element.timestampDefect = nil
        element.timestampWasCut = false
        switch try readTime(depth: fieldDepth, into: &rows) {
        case .time(let time): element.timestamp = time
        case .cut(let time):
            element.timestamp = time
            element.timestampWasCut = true
        case .defect(let defect): element.timestampDefect = defect
        }
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readTimestamps(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        rows.times.removeLast(rows.times.count - element.firstTime)
        element.timestampsDefect = nil
        element.timeDefects = []
        element.cutTimes = 0
        guard beginArray() else {
            element.timestampsDefect = try skipDefective(.timestampsNotArray)
            return
        }
        var isFirst = true
        while try scanner.nextItem(&isFirst, close: UInt8(ascii: "]")) {
            guard rows.times.count < settings.limits.rowsMax else {
                throw scanner.failure(.tooManyRows(settings.limits.rowsMax))
            }
            switch try readTime(depth: fieldDepth + 1, into: &rows) {
            case .time(let time): rows.times.append(time)
            case .cut(let time):
                rows.times.append(time)
                element.cutTimes += 1
            case .defect(let defect):
                element.timeDefects.append((row: rows.times.count - element.firstTime, defect: defect))
                rows.times.append(0)
            }
        }
    }

    private enum Reading {
        case time(Int64)
        /// Its fraction was cut toward zero.
        case cut(Int64)
        case defect(JSONDefect)
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func readTime(depth: Int, into rows: inout IncomingRows) throws(JSONSyntaxError) -> Reading {
        let byte = scanner.current
        if byte &- 0x30 < 10 {
            let number = try scanner.number()
            if let time = number.integer, isInRange(time) { return .time(time) }
            return unusualNumber(number)
        }
        return try readUnusualTime(depth: depth, into: &rows)
    }

    private func isInRange(_ time: Int64) -> Bool {
        guard settings.checksTimestampRange, let limit = settings.precision.magnitudeLimit else { return true }
        return time >= -limit && time <= limit
    }

    /// A number that is too large, or not written as an integer.
    @inline(never)
    private func unusualNumber(_ number: JSONNumber) -> Reading {
        let text = scanner.bytes.extracting(number.range)
        guard let (time, isWhole) = DecimalTime.truncated(text) else {
            return .defect(JSONDefect(.timeBeyond64Bits, at: number.range))
        }
        guard isInRange(time) else { return .defect(JSONDefect(.timeTooLarge, at: number.range)) }
        if isWhole { return .time(time) }
        return settings.truncatesFractionalTimestamps
            ? .cut(time) : .defect(JSONDefect(.timeFractional, at: number.range))
    }

    /// A negative number, a text, or no time at all.
    @inline(never)
    @_lifetime(self: copy self)
    private mutating func readUnusualTime(
        depth: Int, into rows: inout IncomingRows
    ) throws(JSONSyntaxError) -> Reading {
        let start = scanner.index
        if scanner.current == UInt8(ascii: "-"), !scanner.take("-Infinity") {
            let number = try scanner.number()
            if let time = number.integer, isInRange(time) { return .time(time) }
            return unusualNumber(number)
        }
        guard scanner.index == start, let text = try readText(into: &rows) else {
            if scanner.index == start { try scanner.skipValue(depth: depth) }
            return .defect(JSONDefect(.timeNotInteger, at: start..<scanner.index))
        }
        let place = start..<scanner.index
        let span = rows.text.span.extracting(text.range)
        guard let time = NumberText.integer(span) else {
            let isTooLong =
                NumberText.isIntegerLiteral(span) && NumberText.integer(span, trimmingBlanks: true) == nil
            return .defect(JSONDefect(isTooLong ? .timeBeyond64Bits : .timeNotInteger, at: place))
        }
        return isInRange(time) ? .time(time) : .defect(JSONDefect(.timeTooLarge, at: place))
    }
}
