// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Testing
import TimeSeriesModel

@testable import HTTPService

/// The value mapping of `iotdb-rest.md` section 2.
@Suite struct JSONTextTests {
    private func text(_ value: Value) -> String {
        var buffer = ByteBuffer()
        buffer.writeJSON(value)
        return String(buffer: buffer)
    }

    @Test func mapsEveryType() {
        #expect(text(.boolean(true)) == "true")
        #expect(text(.int32(-7)) == "-7")
        #expect(text(.int64(.max)) == "9223372036854775807")
        #expect(text(.timestamp(.min)) == "-9223372036854775808")
        #expect(text(.float(0.1)) == "0.1")
        #expect(text(.double(0.530635)) == "0.530635")
        #expect(text(.double(.nan)) == "\"NaN\"")
        #expect(text(.double(-.infinity)) == "\"-Infinity\"")
        #expect(text(.float(.infinity)) == "\"Infinity\"")
        #expect(text(.blob([0, 0xab, 0x0f])) == "\"0x00ab0f\"")
        #expect(text(.date(20_240_229)) == "\"2024-02-29\"")
        #expect(text(.string(Array("a\u{1}\\".utf8))) == #""a\u0001\\""#)
    }

    @Test func anyBytesAreReadBackByAnIndependentParser() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            let list = "[" + text(.text(bytes)) + "]"
            let parsed = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [String]
            #expect(parsed == [String(decoding: bytes, as: UTF8.self)])
        }
    }
}
