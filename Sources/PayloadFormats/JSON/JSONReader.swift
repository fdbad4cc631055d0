// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Reads one payload in one pass: the document and its elements. Pieces of an element are taken as they come, in whatever
/// order, and judged at its end (``finishElement(into:)``).
struct JSONReader: ~Copyable, ~Escapable {
    var scanner: JSONScanner
    let settings: JSONFormatSettings
    var element = JSONElement()

    @_lifetime(copy payload)
    init(_ payload: Span<UInt8>, settings: JSONFormatSettings) {
        scanner = JSONScanner(payload, isLenient: settings.isLenient, nestingMax: settings.limits.nestingMax)
        self.settings = settings
    }

    /// Reads the whole payload: a byte order mark, one object or array, nothing after it.
    @_lifetime(self: copy self)
    mutating func readDocument(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        _ = scanner.take("\u{feff}")
        switch try scanner.next() {
        case UInt8(ascii: "{"): try readElement(-1, into: &rows)
        case UInt8(ascii: "["): try readList(into: &rows)
        default: throw scanner.failure(scanner.isAtEnd ? .empty : .document)
        }
        _ = try scanner.next()
        guard scanner.isAtEnd else { throw scanner.failure(.endOfDocument) }
        rows.completeArrivalFlags()
    }

    @_lifetime(self: copy self)
    private mutating func readList(into rows: inout IncomingRows) throws(JSONSyntaxError) {
        scanner.index += 1
        var isFirst = true
        var number = 0
        while try scanner.nextItem(&isFirst, close: UInt8(ascii: "]")) {
            if scanner.current == UInt8(ascii: "{") {
                try readElement(number, into: &rows)
            } else {
                try refuseNonObject(number, into: &rows)
            }
            number += 1
        }
    }

    /// A list's entry that is no object is refused alone.
    @_lifetime(self: copy self)
    private mutating func refuseNonObject(_ number: Int, into rows: inout IncomingRows) throws(JSONSyntaxError) {
        let start = scanner.index
        try scanner.skipValue(depth: 1)
        element = JSONElement(number: number, offset: start, rows)
        refuseElement(JSONDefect(.notAnObject, at: start..<scanner.index), into: &rows)
    }

    @_lifetime(self: copy self)
    private mutating func readElement(_ number: Int, into rows: inout IncomingRows) throws(JSONSyntaxError) {
        element = JSONElement(number: number, offset: scanner.index, rows)
        scanner.index += 1
        var isFirst = true
        while try scanner.nextItem(&isFirst, close: UInt8(ascii: "}")) {
            let key = try scanner.key()
            try scanner.colon()
            if let known = Self.knownKey(key, scanner) {
                if element.seen.contains(known) { rows.count(.repeatedKey) }
                element.seen.insert(known)
                try readField(known, into: &rows)
            } else {
                try scanner.skipValue(depth: fieldDepth)
            }
        }
        try finishElement(into: &rows)
    }

    /// Containers that are open around the value of a field.
    var fieldDepth: Int { element.number < 0 ? 1 : 2 }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func readField(_ key: JSONKeys, into rows: inout IncomingRows) throws(JSONSyntaxError) {
        switch key {
        case .device: try readDevice(into: &rows)
        case .timestamp: try readTimestamp(into: &rows)
        case .timestamps: try readTimestamps(into: &rows)
        case .measurements: try readMeasurements(into: &rows)
        case .values: try readValues(into: &rows)
        case .datatypes: try readDataTypes(into: &rows)
        default: try readIsAligned()
        }
    }

    @inline(__always)
    private static func knownKey(_ key: JSONString, _ scanner: borrowing JSONScanner) -> JSONKeys? {
        guard !key.hasEscapes else { return escapedKey(key, scanner) }
        switch key.range.count {
        case 6:
            if scanner.hasWord("device", in: key.range) { return .device }
            return scanner.hasWord("values", in: key.range) ? .values : nil
        case 9:
            if scanner.hasWord("timestamp", in: key.range) { return .timestamp }
            if scanner.hasWord("datatypes", in: key.range) { return .datatypes }
            return scanner.hasWord("isAligned", in: key.range) ? .isAligned : nil
        case 10: return scanner.hasWord("timestamps", in: key.range) ? .timestamps : nil
        case 12: return scanner.hasWord("measurements", in: key.range) ? .measurements : nil
        default: return nil
        }
    }

    /// A key written with escapes means the same as without.
    @inline(never)
    private static func escapedKey(_ key: JSONString, _ scanner: borrowing JSONScanner) -> JSONKeys? {
        var plain: [UInt8] = []
        scanner.unescape(key, into: &plain)
        let word = JSONScanner(plain.span, isLenient: false, nestingMax: 0)
        for (name, known) in JSONKeys.names where word.hasWord(name, in: 0..<plain.count) { return known }
        return nil
    }
}
