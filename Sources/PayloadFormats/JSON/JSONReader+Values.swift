// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// `values`: read into cells before it is known whether they are one row or many, because keys come in any order.
extension JSONReader {
    @_lifetime(self: copy self)
    mutating func readValues(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        rows.cells.removeLast(rows.cells.count - element.firstCell)
        element.values = JSONValues()
        element.valuesDefect = nil
        guard beginArray() else {
            element.valuesDefect = try skipDefective(.valuesNotArray)
            return
        }
        var isFirst = true
        while try scanner.nextItem(&isFirst, close: UInt8(ascii: "]")) {
            let byte = scanner.current
            let isContainer = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
            guard !isContainer || element.values.count < settings.limits.rowsMax else {
                throw scanner.failure(.tooManyRows(settings.limits.rowsMax))
            }
            if byte == UInt8(ascii: "[") {
                try readRow(into: &rows)
            } else if byte == UInt8(ascii: "{") {
                let start = scanner.index
                try scanner.skipValue(depth: fieldDepth + 1)
                let defect = JSONDefect(.rowNotArray, at: start..<scanner.index)
                addEntry(rows.cells.count, 0, defect, isContainer: true, rows)
            } else {
                try readFlatValue(into: &rows)
            }
            element.values.count += 1
        }
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func readFlatValue(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        let start = scanner.index
        let cell = try readCell(into: &rows)
        try append(cell, to: &rows)
        if element.values.shape == .flat { return }
        if element.values.count == 0 {
            element.values.shape = .flat
        } else {
            let kind: JSONDefect.Kind = cell.kind == .null ? .rowIsNull : .rowNotArray
            addEntry(rows.cells.count - 1, 1, JSONDefect(kind, at: start..<scanner.index), isContainer: false, rows)
        }
    }

    /// Reads an inner array.
    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func readRow(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        let start = scanner.index
        let firstCell = rows.cells.count
        var defect: JSONDefect?
        scanner.index += 1
        var isFirst = true
        while try scanner.nextItem(&isFirst, close: UInt8(ascii: "]")) {
            let byte = scanner.current
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
                let place = scanner.index
                try scanner.skipValue(depth: fieldDepth + 2)
                if defect == nil {
                    defect = JSONDefect(.valueNotScalar, at: place..<scanner.index, rows.cells.count - firstCell)
                }
                try append(IncomingCell(.null), to: &rows)
            } else {
                try append(try readCell(into: &rows), to: &rows)
            }
        }
        let width = rows.cells.count - firstCell
        if defect == nil {
            if element.values.count == 0 {
                element.values.shape = .regularRows
                element.values.width = width
                element.values.firstContainer = JSONDefect(.valueNotScalar, at: start..<scanner.index, 0)
                return
            }
            if element.values.shape == .regularRows, width == element.values.width { return }
        }
        if element.values.firstContainer == nil {
            element.values.firstContainer = JSONDefect(
                .valueNotScalar, at: start..<scanner.index, element.values.count)
        }
        addEntry(firstCell, width, defect, isContainer: true, rows)
    }

    @inline(__always)
    private func append(_ cell: IncomingCell, to rows: inout IncomingRows) throws(JSONSyntaxError) {
        guard rows.cells.count < settings.limits.valuesMax else {
            throw scanner.failure(.tooManyValues(settings.limits.valuesMax))
        }
        rows.cells.append(cell)
    }

    /// Describes an entry that does not fit the ones before; those get a description, too, from here on.
    @inline(never)
    @_lifetime(self: copy self)
    private mutating func addEntry(
        _ firstCell: Int, _ width: Int, _ defect: JSONDefect?, isContainer: Bool, _ rows: borrowing IncomingRows
    ) {
        if element.values.shape != .irregular {
            for index in 0..<element.values.count {
                switch element.values.shape {
                case .regularRows:
                    let first = element.firstCell + index * element.values.width
                    element.values.entries.append(.init(firstCell: first, width: element.values.width, defect: nil))
                case .flat, .empty, .irregular:
                    let cell = rows.cells[element.firstCell + index]
                    let kind: JSONDefect.Kind = cell.kind == .null ? .rowIsNull : .rowNotArray
                    element.values.entries.append(
                        .init(
                            firstCell: element.firstCell + index, width: 1,
                            defect: JSONDefect(kind, at: cell.text.range)))
                }
            }
            element.values.shape = .irregular
        }
        element.values.entries.append(.init(firstCell: firstCell, width: width, defect: defect))
        if isContainer, element.values.firstContainer == nil, let defect {
            element.values.firstContainer = JSONDefect(.valueNotScalar, at: defect.range, element.values.count)
        }
    }
}
