// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

@Suite("What is JSON and what is not, mqtt-payloads 2.5")
struct StrictnessTests {
    /// Payload, byte offset of the error, part of the message.
    static let malformedPayloads: [(String, Int, String)] = [
        ("", 0, "empty"), (" \n\t\r ", 5, "empty"), ("\u{feff}", 3, "empty"),
        ("null", 0, "an object or an array of objects"), ("42", 0, "an object or"), (#""x""#, 0, "an object or"),
        ("{", 1, "a key in double quotes, found the end of the payload"), ("[", 1, "found the end of the payload"),
        (#"{"a""#, 4, "a colon"), (#"{"a" 1}"#, 5, "a colon, found `1}`"), (#"{"a":"#, 5, "a value, found the end"),
        (#"{"a":1"#, 6, "a comma or }"), (#"{"a":1 "b":2}"#, 7, "a comma or }"), (#"{"a":1,}"#, 7, "a key"),
        (#"{"a":[1 2]}"#, 8, "a comma or ]"), (#"{"a":[1,]}"#, 8, "a value"), (#"{"a":[,1]}"#, 6, "a value"),
        (#"{"a":[1,,2]}"#, 8, "a value"), ("[1,]", 3, "a value"), ("[,1]", 1, "a value"), ("{,}", 1, "a key"),
        (#"{"a":1]"#, 6, "a comma or }"), ("[1}", 2, "a comma or ]"), ("{1:2}", 1, "a key"),
        ("{}{}", 2, "nothing after"),
        ("[] }", 3, "nothing after"), ("[]\u{0}", 2, "nothing after"),
        (#"{"a":007}"#, 6, "no digit after a leading zero"),
        (#"{"a":-01}"#, 7, "no digit after"), (#"{"a":0x10}"#, 6, "a comma or }, found `x10}`"),
        (#"{"a":1.}"#, 7, "a digit"), (#"{"a":.5}"#, 5, "a value"), (#"{"a":+5}"#, 5, "a value"),
        (#"{"a":-}"#, 6, "a digit"),
        (#"{"a":1e}"#, 7, "a digit"), (#"{"a":1e+}"#, 8, "a digit"), (#"{"a":1e-"#, 8, "a digit, found the end"),
        (#"{"a":tru}"#, 5, "a value, found `tru}`"), (#"{"a":truex}"#, 9, "a comma or }"),
        (#"{"a":nan}"#, 5, "a value"), (#"{"a":-NaN}"#, 6, "a digit"), (#"{"a":-Inf}"#, 6, "a digit"),
        (#"{"a":"x}"#, 8, "the end of the string"), (#"{"a":"x\"#, 8, "the end of the string"),
        (#"{"a":"\x"}"#, 6, "an escape"), (#"{"a":"\u12"}"#, 6, "an escape"), (#"{"a":"\u12g4"}"#, 6, "an escape"),
        (#"{"a":"\ud800"}"#, 6, "surrogate"), (#"{"a":"\ud800\u0041"}"#, 6, "surrogate"),
        (#"{"a":"\udc00"}"#, 6, "surrogate"), (#"{"a":"\udc00\udc00"}"#, 6, "surrogate"),
        (#"{"a":"\ud800x"}"#, 6, "surrogate"),
        (#"{"a\ud800":1}"#, 3, "surrogate"),
        (#"{"a":{"b":[}}"#, 11, "a value"), (#"{"a":[[1],{"b" 1}]}"#, 15, "a colon"),
    ]

    @Test("malformed", arguments: malformedPayloads)
    func malformed(_ payload: String, _ offset: Int, _ message: String) {
        let result = Formatted(payload)
        #expect(result.problems == ["bad_json payload[-1,-1]"])
        #expect(result.rows.problems.first?.offset == offset)
        #expect(result.messages.first?.contains(message) == true, "\(result.messages)")
        // Rows before the error are withdrawn, and so are problems and counts.
        let neighbours = Formatted("[\(row([("timestamp", "1.5")])),{},\(payload)")
        #expect(neighbours.lines == [])
        #expect(neighbours.rows.problems.count == 1)
        #expect(neighbours.rows.oddities.allSatisfy { $0 == 0 })
        #expect(neighbours.rows.refusedRows == 0)
    }

    @Test(
        "the message names the switch where it would help",
        arguments: [
            ("{'a':1}", true), ("{a:1}", true), (#"{"a":abc}"#, true), (#"{"a":True}"#, true), (#"{"a"=1}"#, true),
            (#"{"a":1;"b":2}"#, true), ("[] // x", true), ("# x\n[]", true), (#"{"a":/* x */1}"#, true),
            (#"{"a":[1,]}"#, false), (#"{"a":007}"#, false), (#"{"a":0x10}"#, false), (#"{"a" 1}"#, false),
            ("{", false),
        ])
    func hint(_ payload: String, _ helps: Bool) {
        let result = Formatted(payload)
        #expect(result.problems == ["bad_json payload[-1,-1]"])
        #expect(result.messages.first?.contains("mqtt_json_lenient=true") == helps, "\(result.messages)")
        #expect((Formatted(payload) { $0.isLenient = true }.problems != ["bad_json payload[-1,-1]"]) == helps)
    }

    @Test(
        "invalid UTF-8 is refused, wherever it is",
        arguments: [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe6, 0xb8], [0xf5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        let text = Array(row().utf8)
        let place = row().utf8.count - 2
        for offset in [0, 13, place, text.count] {
            let result = Formatted(bytes: Array(text[..<offset]) + bytes + Array(text[offset...]))
            #expect(result.problems == ["bad_utf8 payload[-1,-1]"])
            #expect(result.rows.problems.first?.offset == offset)
        }
    }

    @Test("blanks anywhere between tokens")
    func blanks() {
        let spaced =
            " \t\r\n"
            + row().replacing(",", with: " ,\n").replacing(":", with: "\t:\r").replacing("[", with: "[ ")
            .replacing("]", with: " ]") + " \n"
        #expect(Formatted(spaced).lines == [rowLine])
    }

    @Test("escapes")
    func escapes() {
        let values = #"["\"\\\/\b\f\n\r\t","\u0041\u00e9\u6e29\ud83d\ude00\u0000"]"#
        let result = Formatted(row([("values", values)]))
        #expect(result.problems == [])
        let texts = result.rows.cells.map { result.rows.string($0.text) }
        #expect(texts == ["\"\\/\u{8}\u{c}\n\r\t", "Aé温😀\u{0}"])
        let upper = Formatted(row([("values", #"["\uD83D\uDE00\u00E9",""]"#)]))
        #expect(upper.rows.cells.map { upper.rows.string($0.text) } == ["😀é", ""])
    }

    @Test("what IoTDB's reader takes inside strings, too: raw control characters, an escaped quote and line break")
    func tolerantStrings() {
        let result = Formatted(row([("values", "[\"a\tb\nc\",\"\\'\\\n\"]")]))
        #expect(result.rows.cells.map { result.rows.string($0.text) } == ["a\tb\nc", "'\n"])
    }

    @Test("escapes in names and paths")
    func escapedNames() {
        let payload = row([("device", #""root.\u0073g.d\u0031""#), ("measurements", #"["s\u0031","\u0073\u0032"]"#)])
        #expect(Formatted(payload).lines == [rowLine])
    }

    @Test("NaN and the infinities are numbers, also negative infinity")
    func specialNumbers() {
        let result = Formatted(row([("values", "[NaN,-Infinity]")]))
        #expect(result.lines == ["root.sg.d1@1586076045524 s1=~NaN s2=~-Infinity"])
        #expect(Formatted(row([("x", "[NaN,-Infinity,Infinity,{\"y\":NaN}]")])).lines == [rowLine])
    }
}
