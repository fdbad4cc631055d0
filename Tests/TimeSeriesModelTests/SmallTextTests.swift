// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Small texts")
struct SmallTextTests {
    private func hex(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        return HexText.bytes(bytes.span)
    }

    @Test("hexadecimal, quoted or bare")
    func hexadecimal() {
        #expect(hex("X'01fF'") == [1, 255])
        #expect(hex("x'01'") == [1])
        #expect(hex("01ff") == [1, 255])
        #expect(hex("") == [])
        #expect(hex("X''") == [])
        for text in ["0", "0g", "X'0'", "X'01", "'01'", "0x01", "X'"] { #expect(hex(text) == nil, "\(text)") }
        #expect(HexText.text([0, 255, 16]) == "00ff10")
    }

    @Test("every byte survives hexadecimal")
    func hexRoundTrip() {
        let all = (0...255).map { UInt8($0) }
        #expect(hex(HexText.text(all)) == all)
        #expect(hex(HexText.text(all).uppercased()) == all)
    }

    @Test("excerpts are short, printable, and cut between characters")
    func excerpts() {
        func excerpt(_ bytes: [UInt8]) -> String { TextExcerpt.make(bytes.span) }
        #expect(excerpt(Array("abc".utf8)) == "abc")
        #expect(excerpt([0x61, 0x0a, 0x00, 0x7f]) == "a???")
        #expect(excerpt([0xff, 0x61]) == "\u{fffd}a")
        let limit = TextExcerpt.bytesMax
        #expect(excerpt(Array(String(repeating: "x", count: limit).utf8)) == String(repeating: "x", count: limit))
        #expect(
            excerpt(Array(String(repeating: "x", count: limit + 1).utf8)) == String(repeating: "x", count: limit) + "…")
        let cut = excerpt(Array(String(repeating: "温", count: 40).utf8))
        #expect(cut == String(repeating: "温", count: limit / 3) + "…")
    }

    @Test("type names", arguments: DataType.allCases)
    func typeNames(_ type: DataType) {
        let name = Array(type.name.utf8)
        #expect(DataType(name: type.name) == type)
        #expect(DataType(name: name.span) == type)
        let lower = Array(type.name.lowercased().utf8)
        #expect(DataType(name: lower.span) == nil)
        #expect(DataType(name: type.name.lowercased()) == nil)
        let longer = name + [0x41]
        #expect(DataType(name: longer.span) == nil)
        #expect(DataType(name: name.span.extracting(0..<name.count - 1)) == nil || type == .int32)
    }
}
