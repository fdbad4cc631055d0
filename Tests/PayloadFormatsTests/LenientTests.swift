// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

@Suite("The lenient switch, mqtt-payloads 2.5")
struct LenientTests {
    private func lenient(_ payload: String) -> Formatted { Formatted(payload) { $0.isLenient = true } }

    @Test("strict JSON means the same")
    func strictInput() {
        for vector in VectorTests.accepted { #expect(lenient(vector.payload).lines == vector.lines, "\(vector.name)") }
        for vector in VectorTests.refused where !vector.name.hasPrefix("R1") || vector.name.count > 2 {
            #expect(lenient(vector.payload).problems == vector.problems, "\(vector.name)")
        }
    }

    @Test("the printed form of a Python dictionary")
    func pythonDictionary() {
        let payload =
            "{'device': 'root.sg.d1', 'timestamp': 5, 'measurements': ['a', 'b', 'c', 'd'], "
            + "'values': [1.5, True, 'it\\'s', None], 'isAligned': False}"
        let result = lenient(payload)
        #expect(result.lines == [#"root.sg.d1@5 a=~1.5 b=true c="it's" d="None""#])
        #expect(Formatted(payload).problems == ["bad_json payload[-1,-1]"])
    }

    @Test("bare words, =, => and ;")
    func bareWords() {
        let payload = "{device=root.sg.d1; timestamp=>5; measurements=[a;b,c]; values:[x_1;TRUE;Null]}"
        #expect(lenient(payload).lines == [#"root.sg.d1@5 a="x_1" b=true c=null"#])
        #expect(
            lenient("{device:root.sg.d1,timestamp:5,measurements:[温度],values:[热]}").lines == [#"root.sg.d1@5 温度="热""#])
        #expect(
            lenient("{device:root.sg.d1,timestamp:5,measurements:[a],values:[NaN],datatypes:[DOUBLE]}").lines == [
                "root.sg.d1@5 a:DOUBLE=~NaN"
            ])
    }

    @Test("bare words stay text where strings do")
    func bareWordsAsText() {
        let result = Formatted("{device:root.sg.d1,timestamp:5,measurements:[a],values:[x]}") {
            $0.isLenient = true
            $0.keepsStringsAsText = true
        }
        #expect(result.lines == ["root.sg.d1@5 a='x'"])
    }

    @Test("comments")
    func comments() {
        let payload =
            "# first\n{ // second\r\n\"device\"/* third */:/**/\"root.sg.d1\",\"timestamp\":1586076045524#x\n,"
            + "\"measurements\":[\"s1\",\"s2\"],\"values\":[0.530635/* * / */,0.530635]} // last"
        #expect(lenient(payload).lines == [rowLine])
    }

    @Test(
        "still malformed",
        arguments: [
            "[,1]", "[1,]", "[1;;2]", "{a:1,}", "{a:007}", "{a:0x10}", "{a:+5}", "{a:.5}", "[] x", "{'a:1}", "{a b:1}",
            "/* open", "[/x]", "{a:}", "{a:1 /", "", "//", "{a:[1}", "{-:1}", "{a:-NaN}", "{a}",
        ])
    func malformed(_ payload: String) {
        #expect(lenient(payload).problems == ["bad_json payload[-1,-1]"])
    }

    @Test("keywords are no texts")
    func keywords() {
        #expect(lenient(row([("device", "NULL")])).problems == ["wrong_shape element[-1,-1]"])
        #expect(lenient(row([("measurements", "[s1,True]")])).problems == ["wrong_shape element[-1,-1]"])
        #expect(lenient(row([("timestamp", "abc")])).problems == ["bad_time element[-1,-1]"])
        #expect(lenient(row([("datatypes", "NULL")])).lines == [rowLine])
        #expect(lenient(row([("isAligned", "TRUE")])).rows.groups.first?.isAligned == true)
    }
}
