// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// `device`, `measurements`, `datatypes` and `isAligned`.
extension JSONReader {
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readDevice(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        element.device = nil
        element.deviceDefect = nil
        let start = scanner.index
        guard let text = try readText(into: &rows) else {
            try scanner.skipValue(depth: fieldDepth)
            element.deviceDefect = JSONDefect(.deviceNotText, at: start..<scanner.index)
            return
        }
        if text.length == 0 {
            element.deviceDefect = JSONDefect(.deviceEmpty, at: start..<scanner.index)
        } else {
            element.device = text
        }
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readMeasurements(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        rows.measurements.removeLast(rows.measurements.count - element.firstMeasurement)
        element.measurementsDefect = nil
        guard beginArray() else {
            element.measurementsDefect = try skipDefective(.measurementsNotArray)
            return
        }
        var isFirst = true
        var count = 0
        while try scanner.nextItem(&isFirst, close: UInt8(ascii: "]")) {
            let start = scanner.index
            count += 1
            if let name = try readText(into: &rows) {
                if count <= settings.limits.columnsMax { rows.measurements.append(name) }
                continue
            }
            try scanner.skipValue(depth: fieldDepth + 1)
            Self.keepFirst(
                JSONDefect(.measurementNotText, at: start..<scanner.index, count - 1), in: &element.measurementsDefect)
        }
        if count > settings.limits.columnsMax {
            Self.keepFirst(
                JSONDefect(.tooManyColumns, at: element.place, count, settings.limits.columnsMax),
                in: &element.measurementsDefect)
        }
    }

    @_lifetime(self: copy self)
    mutating func readDataTypes(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        rows.declaredTypes.removeLast(rows.declaredTypes.count - element.firstType)
        element.typesDefect = nil
        element.hasTypes = false
        if try skipNull() { return }
        element.hasTypes = true
        guard beginArray() else {
            element.typesDefect = try skipDefective(.typesNotArray)
            return
        }
        var isFirst = true
        var count = 0
        while try scanner.nextItem(&isFirst, close: UInt8(ascii: "]")) {
            let start = scanner.index
            count += 1
            guard let name = try readText(into: &rows) else {
                try scanner.skipValue(depth: fieldDepth + 1)
                Self.keepFirst(JSONDefect(.typeNotText, at: start..<scanner.index, count - 1), in: &element.typesDefect)
                continue
            }
            guard let type = DataType(name: rows.text.span.extracting(name.range)) else {
                Self.keepFirst(JSONDefect(.typeUnknown, at: start..<scanner.index, count - 1), in: &element.typesDefect)
                continue
            }
            if count <= settings.limits.columnsMax { rows.declaredTypes.append(type) }
        }
        if count > settings.limits.columnsMax {
            Self.keepFirst(
                JSONDefect(.tooManyColumns, at: element.place, count, settings.limits.columnsMax),
                in: &element.typesDefect)
        }
    }

    @_lifetime(self: copy self)
    mutating func readIsAligned() throws(JSONSyntaxError) {
        element.isAligned = nil
        element.alignmentDefect = nil
        let start = scanner.index
        switch scanner.current {
        case UInt8(ascii: "["), UInt8(ascii: "{"): try scanner.skipValue(depth: fieldDepth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "-"), 0x30...0x39: try scanner.skipScalar()
        default:
            switch try scanner.word() {
            case .null: return
            case .boolean(let isAligned):
                element.isAligned = isAligned
                return
            case .notANumber, .infinity, .other: break
            }
        }
        element.alignmentDefect = JSONDefect(.alignmentNotBoolean, at: start..<scanner.index)
    }

    /// The first defect of a field is the one that is told.
    private static func keepFirst(_ defect: JSONDefect, in slot: inout JSONDefect?) {
        if slot == nil { slot = defect }
    }
}
