// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// A vector of `tsfile.md` section 10.
struct EncodingVector: Sendable, CustomTestStringConvertible {
    let type: DataType
    let encoding: TsFileEncoding
    let values: [Value]
    let bytes: String

    var testDescription: String { "\(type.name) \(encoding.name) \(bytes)" }

    init(_ type: DataType, _ encoding: TsFileEncoding, _ values: [Value], _ bytes: String) {
        self.type = type
        self.encoding = encoding
        self.values = values
        self.bytes = bytes
    }

    private static func text(_ words: String...) -> [Value] { words.map { .text(Array($0.utf8)) } }

    static let all: [EncodingVector] = [
        Self(.int32, .plain, [1, -1, 300].map { .int32($0) }, "02 01 d8 04"),
        Self(.text, .plain, text("on", ""), "04 6f 6e 00"),
        Self(.boolean, .plain, [.boolean(true), .boolean(false)], "01 00"),
        Self(.date, .plain, [.date(20_240_229)], "ca dd a6 13"),
        Self(.int64, .plain, [.int64(-2)], "ff ff ff ff ff ff ff fe"),
        Self(.float, .plain, [.float(1.5)], "3f c0 00 00"),
        Self(.double, .plain, [.double(0.5)], "3f e0 00 00 00 00 00 00"),
        Self(.int32, .ts2diff, [10, 12, 11].map { .int32($0) }, "00000002 00000002 ffffffff 0000000a c0"),
        Self(.int32, .ts2diff, [.int32(7)], "00000000 00000000 7fffffff 00000007"),
        Self(
            .int64, .ts2diff, [5, 3, 8, 8, -2].map { .int64($0) },
            "00000004 00000004 fffffffffffffff6 0000000000000005 8fa0"),
        Self(
            .int64, .ts2diff, [.int64(.min), .int64(.max)],
            "00000001 00000000 ffffffffffffffff 8000000000000000"),
        Self(
            .int32, .rle, [Value](repeating: .int32(300), count: 10) + [.int32(1), .int32(2)],
            "0f 09 14 2c 01 03 02 00 80 80 00 00 00 00 00 00"),
        Self(.double, .gorilla, [0.5, 0.5, 0.75].map { .double($0) }, "3fe0000000000000 66 01 c1 2a 00 80"),
        Self(.float, .gorilla, [1.5, 2.5].map { .float($0) }, "3fc00000 c2 9f fe 7f c0"),
        Self(.int32, .gorilla, [1, 2, 3].map { .int32($0) }, "00000001 fc 1e 70 7e 00 00 00 0c"),
        Self(
            .int64, .gorilla, [100, 100, 101].map { .int64($0) },
            "0000000000000064 7f 81 c0 fe 00 00 00 00 00 00 01 94"),
        Self(.int32, .chimp, [1, 2, 3].map { .int32($0) }, "00000001 f8 1c 03 88 00 00 00 30"),
        Self(.float, .chimp, [20.25, 20.5].map { .float($0) }, "41a20000 40 43 68 21 c7 cc 80"),
        Self(
            .double, .chimp, [1, 1, 2.5, 1].map { .double($0) },
            "3ff0000000000000 00 20 41 cf fe a0 81 cf fe a0 c1 a8 01 00"),
        Self(.text, .dictionary, text("on", "off", "on"), "04 04 6f 6e 06 6f 66 66 04 01 03 03 40"),
        Self(.int32, .zigzag, [1, -1, 300].map { .int32($0) }, "04 03 02 01 d8 04"),
    ]

    /// What is read but never written.
    static let readOnly: [EncodingVector] = [
        Self(.boolean, .rle, [true, true, false, false, true].map { .boolean($0) }, "04 01 03 05 c8"),
        Self(.boolean, .rle, [Value](repeating: .boolean(true), count: 12), "03 01 18 01"),
        Self(
            .int64, .rle, [Value](repeating: .int64(300), count: 10) + [.int64(1), .int64(2)],
            "0f 09 14 01 2c 03 02 00 80 80 00 00 00 00 00 00"),
    ]
}
