// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What the fields of an element are made of: texts, nulls, arrays, and values that do not belong where they stand.
extension JSONReader {
    /// Passes a string (in lenient mode also a bare word); nil, and nothing passed, if something else stands here.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func readText(into rows: inout IncomingRows) throws(JSONSyntaxError) -> TextRange? {
        let byte = scanner.current
        if byte == UInt8(ascii: "\"") || (byte == UInt8(ascii: "'") && scanner.isLenient) {
            return place(try scanner.string(), in: &rows)
        }
        return scanner.isLenient ? try readBareWord() : nil
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func readBareWord() throws(JSONSyntaxError) -> TextRange? {
        guard JSONScanner.beginsWord(scanner.current) else { return nil }
        let start = scanner.index
        if case .other(let range) = try scanner.word() {
            return TextRange(offset: range.lowerBound, length: range.count)
        }
        scanner.index = start
        return nil
    }

    /// Where the content of a string stands: in the payload, or unescaped behind it.
    @inline(__always)
    func place(_ string: JSONString, in rows: inout IncomingRows) -> TextRange {
        guard string.hasEscapes else {
            return TextRange(offset: string.range.lowerBound, length: string.range.count)
        }
        let offset = rows.text.count
        scanner.unescape(string, into: &rows.text)
        return TextRange(offset: offset, length: rows.text.count - offset)
    }

    /// Passes `null` if it stands here.
    @_lifetime(self: copy self)
    mutating func skipNull() throws(JSONSyntaxError) -> Bool {
        guard scanner.current | 0x20 == UInt8(ascii: "n") else { return false }
        let start = scanner.index
        if case .null = try scanner.word() { return true }
        scanner.index = start
        return false
    }

    /// Passes `[` if it stands here.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func beginArray() -> Bool {
        guard scanner.current == UInt8(ascii: "[") else { return false }
        scanner.index += 1
        return true
    }

    /// Passes a value that is not what its key needs.
    @inline(never)
    @_lifetime(self: copy self)
    mutating func skipDefective(_ kind: JSONDefect.Kind) throws(JSONSyntaxError) -> JSONDefect {
        let start = scanner.index
        try scanner.skipValue(depth: fieldDepth)
        return JSONDefect(kind, at: start..<scanner.index)
    }
}
