// SPDX-License-Identifier: Apache-2.0

/// What a value without quotes that is no number says.
enum JSONWord {
    case null
    case boolean(Bool)
    case notANumber
    case infinity
    /// Only in lenient mode: its text.
    case other(Range<Int>)
}

extension JSONScanner {
    /// Passes a word: `true`, `false`, `null`, `NaN`, `Infinity`; in lenient mode any, the first three in any case.
    @_lifetime(self: copy self)
    mutating func word() throws(JSONSyntaxError) -> JSONWord {
        if isLenient { return try lenientWord() }
        let word: JSONWord
        switch current {
        case UInt8(ascii: "t"): word = .boolean(true); guard take("true") else { throw failure(.value) }
        case UInt8(ascii: "f"): word = .boolean(false); guard take("false") else { throw failure(.value) }
        case UInt8(ascii: "n"): word = .null; guard take("null") else { throw failure(.value) }
        case UInt8(ascii: "N"): word = .notANumber; guard take("NaN") else { throw failure(.value) }
        case UInt8(ascii: "I"): word = .infinity; guard take("Infinity") else { throw failure(.value) }
        default: throw failure(.value)
        }
        return word
    }

    @_lifetime(self: copy self)
    private mutating func lenientWord() throws(JSONSyntaxError) -> JSONWord {
        guard Self.beginsWord(current) else { throw failure(.value) }
        let range = bareWord()
        if hasWord("true", in: range, foldingCase: true) { return .boolean(true) }
        if hasWord("false", in: range, foldingCase: true) { return .boolean(false) }
        if hasWord("null", in: range, foldingCase: true) { return .null }
        if hasWord("NaN", in: range) { return .notANumber }
        if hasWord("Infinity", in: range) { return .infinity }
        return .other(range)
    }
}
