// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Why a payload cannot be read at all: where, and what was expected there.
struct JSONSyntaxError: Error, Equatable {
    enum Reason: Equatable {
        case empty
        case document
        case value
        case key
        case colon
        case commaOrBracket
        case commaOrBrace
        case endOfDocument
        case endOfString
        case escape
        case surrogate
        case digit
        case leadingZero
        case endOfComment
        case tooDeep(Int)
        case longNumber
        case tooManyRows(Int)
        case tooManyValues(Int)
    }

    var reason: Reason
    /// Byte offset in the payload.
    var offset: Int

    var code: ProblemCode {
        switch reason {
        case .longNumber: .valueTooLarge
        case .tooManyRows, .tooManyValues: .tooManyValues
        default: .badJSON
        }
    }

    /// The refusal of the whole payload.
    func problem(_ payload: Span<UInt8>) -> Problem {
        Problem(code, .payload, offset: offset, message(payload))
    }

    private func message(_ payload: Span<UInt8>) -> String {
        switch reason {
        case .empty: return "malformed JSON: the payload is empty; send one object or one array of objects"
        case .tooManyRows(let limit): return "more than \(limit) rows (mqtt_json_rows_max); send smaller batches"
        case .tooManyValues(let limit): return "more than \(limit) values (mqtt_json_values_max); send smaller batches"
        case .longNumber:
            return "the number at byte \(offset) has more than \(NumberText.literalBytesMax) characters"
        case .tooDeep(let limit):
            return "malformed JSON at byte \(offset): nested deeper than \(limit) levels (mqtt_json_nesting_max)"
        default:
            let hint = isLenientForm(payload) ? "; mqtt_json_lenient=true accepts it" : ""
            return "malformed JSON at byte \(offset): expected \(expectation), found \(found(payload))\(hint)"
        }
    }

    private var expectation: String {
        switch reason {
        case .document: "an object or an array of objects"
        case .value: "a value"
        case .key: "a key in double quotes"
        case .colon: "a colon"
        case .commaOrBracket: "a comma or ]"
        case .commaOrBrace: "a comma or }"
        case .endOfDocument: "nothing after the document"
        case .endOfString: "the end of the string"
        case .escape: "an escape (\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hexadecimal digits)"
        case .surrogate: "a pair of surrogate escapes, which make one character"
        case .digit: "a digit"
        case .leadingZero: "no digit after a leading zero (write numbers that begin so as strings)"
        case .endOfComment: "the end of the comment"
        case .empty, .tooDeep, .longNumber, .tooManyRows, .tooManyValues: ""
        }
    }

    private func found(_ payload: Span<UInt8>) -> String {
        guard offset < payload.count else { return "the end of the payload" }
        return "`\(TextExcerpt.make(payload.extracting(offset..<min(payload.count, offset + 12))))`"
    }

    /// Whether what was found is one of the liberties that the lenient switch allows. Only asked in strict mode: the lenient
    /// reader gets past all of them.
    private func isLenientForm(_ payload: Span<UInt8>) -> Bool {
        guard offset < payload.count else { return false }
        let byte = payload[offset]
        let isComment = byte == UInt8(ascii: "#") || byte == UInt8(ascii: "/")
        switch reason {
        case .value, .key: return isComment || byte == UInt8(ascii: "'") || JSONScanner.beginsWord(byte)
        case .colon: return isComment || byte == UInt8(ascii: "=")
        case .commaOrBracket, .commaOrBrace: return isComment || byte == UInt8(ascii: ";")
        case .document, .endOfDocument: return isComment
        default: return false
        }
    }
}
