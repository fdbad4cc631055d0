// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Steps through the bytes of a JSON text, which must be UTF-8: blanks, punctuation, words. Knows nothing of rows.
struct JSONScanner: ~Copyable, ~Escapable {
    let bytes: Span<UInt8>
    let isLenient: Bool
    let nestingMax: Int
    var index = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, isLenient: Bool, nestingMax: Int) {
        self.bytes = bytes
        self.isLenient = isLenient
        self.nestingMax = min(nestingMax, 63)
    }

    @inline(__always)
    var isAtEnd: Bool { index >= bytes.count }

    /// The byte at the index; 0 at the end, which no rule accepts.
    @inline(__always)
    var current: UInt8 { index < bytes.count ? bytes[index] : 0 }

    func failure(_ reason: JSONSyntaxError.Reason) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: index) }

    /// Passes blanks (and comments where they are allowed) and returns the byte that follows.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func next() throws(JSONSyntaxError) -> UInt8 {
        while index < bytes.count {
            let byte = bytes[index]
            if byte > 0x20 {
                if isLenient, byte == UInt8(ascii: "/") || byte == UInt8(ascii: "#") {
                    guard try skipComment() else { return byte }
                    continue
                }
                return byte
            }
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            index += 1
        }
        return 0
    }

    /// Goes to the next entry of an array or pair of an object; false at its end, which is passed.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func nextItem(_ isFirst: inout Bool, close: UInt8) throws(JSONSyntaxError) -> Bool {
        let byte = try next()
        if byte == close {
            index += 1
            return false
        }
        if isFirst {
            isFirst = false
            return true
        }
        guard byte == UInt8(ascii: ",") || (isLenient && byte == UInt8(ascii: ";")) else {
            throw failure(close == UInt8(ascii: "]") ? .commaOrBracket : .commaOrBrace)
        }
        index += 1
        _ = try next()
        return true
    }

    /// Passes the colon after a key (in lenient mode also `=` and `=>`).
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func colon() throws(JSONSyntaxError) {
        let byte = try next()
        if byte == UInt8(ascii: ":") {
            index += 1
        } else if isLenient, byte == UInt8(ascii: "=") {
            index += 1
            if current == UInt8(ascii: ">") { index += 1 }
        } else {
            throw failure(.colon)
        }
        _ = try next()
    }

    /// Passes `word` if it stands here.
    @_lifetime(self: copy self)
    mutating func take(_ word: StaticString) -> Bool {
        guard hasWord(word, in: index..<min(bytes.count, index + word.utf8CodeUnitCount)) else { return false }
        index += word.utf8CodeUnitCount
        return true
    }

    /// Whether exactly `word` stands in `range`; `foldingCase` compares ASCII letters without case (`word` in lower case).
    func hasWord(_ word: StaticString, in range: Range<Int>, foldingCase: Bool = false) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        let start = unsafe word.utf8Start
        for index in range {
            var byte = bytes[index]
            if foldingCase, (0x41...0x5a).contains(byte) { byte |= 0x20 }
            if unsafe byte != start[index - range.lowerBound] { return false }
        }
        return true
    }
}
