// SPDX-License-Identifier: Apache-2.0

/// A LIKE pattern: `%` any run, `_` one character, `\` escapes; the whole value must match.
struct LikePattern: Sendable, Equatable {
    private enum Element: Equatable {
        case byte(UInt8)
        case oneCharacter
        case anyRun
    }

    private let elements: [Element]

    init(_ text: String) {
        var elements: [Element] = []
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                elements.append(.byte(byte))
                isEscaped = false
            } else {
                switch byte {
                case UInt8(ascii: "\\"): isEscaped = true
                case UInt8(ascii: "%"): if elements.last != .anyRun { elements.append(.anyRun) }
                case UInt8(ascii: "_"): elements.append(.oneCharacter)
                default: elements.append(.byte(byte))
                }
            }
        }
        if isEscaped { elements.append(.byte(UInt8(ascii: "\\"))) }
        self.elements = elements
    }

    /// Time: at most the product of both lengths, because only the last run ever needs to grow.
    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        var (place, element) = (text.startIndex, 0)
        var resume: (place: Int, element: Int)?
        while place < text.endIndex {
            if element < elements.count {
                switch elements[element] {
                case .anyRun:
                    element += 1
                    resume = (place, element)
                    continue
                case .oneCharacter:
                    (place, element) = (Self.end(ofCharacterAt: place, in: text), element + 1)
                    continue
                case .byte(let byte) where text[place] == byte:
                    (place, element) = (place + 1, element + 1)
                    continue
                case .byte: break
                }
            }
            guard let last = resume else { return false }
            place = Self.end(ofCharacterAt: last.place, in: text)
            element = last.element
            resume = (place, element)
        }
        return elements[element...].allSatisfy { $0 == .anyRun }
    }

    private static func end(ofCharacterAt place: Int, in text: ArraySlice<UInt8>) -> Int {
        var end = place + 1
        while end < text.endIndex, text[end] & 0xc0 == 0x80 { end += 1 }
        return end
    }
}
