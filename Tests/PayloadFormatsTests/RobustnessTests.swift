// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

/// No bytes whatever may trap, and the output is always sound (`Formatted` checks that).
@Suite("Broken payloads")
struct RobustnessTests {
    private static let samples = [
        row(), batch(), "[\(row()),\(batch())]",
        row([("datatypes", #"["FLOAT","TEXT"]"#), ("isAligned", "false"), ("x", #"{"y":[1,null,{"z":"\u0041"}]}"#)]),
        row([("values", #"["\ud83d\ude00\n",-Infinity]"#), ("timestamp", "-1.5e3")]),
        batch([("timestamps", #"["1",2.5]"#), ("values", "[[1,[2]],{}]")]),
        "{'device' = root.sg.d1; /* c */ timestamp: 1, measurements:[a], values:[True]} # end",
    ]

    private static func settings(isLenient: Bool) -> JSONPayloadFormatter {
        var settings = JSONFormatSettings()
        settings.isLenient = isLenient
        return JSONPayloadFormatter(settings: settings)
    }

    @Test("every truncation", arguments: [false, true])
    func truncations(_ isLenient: Bool) {
        var rows = IncomingRows()
        let formatter = Self.settings(isLenient: isLenient)
        for sample in Self.samples {
            let bytes = Array(sample.utf8)
            for length in 0..<bytes.count {
                Formatted.format(Array(bytes[..<length]), formatter, into: &rows)
                // A complete document may end earlier only where a comment follows.
                let isWhole = rows.problems.first?.extent != .payload
                #expect(!isWhole || (isLenient && sample.hasSuffix("# end")), "\(sample.prefix(length))")
            }
        }
    }

    @Test("every single byte replaced", arguments: [false, true])
    func replacements(_ isLenient: Bool) {
        var rows = IncomingRows()
        let formatter = Self.settings(isLenient: isLenient)
        let replacements = Array("{}[]\",:\\'0-.eEu;=/# \n".utf8) + [0, 0x7f, 0x80, 0xc3, 0xe6, 0xff]
        for sample in Self.samples {
            var bytes = Array(sample.utf8)
            for index in bytes.indices {
                let original = bytes[index]
                for replacement in replacements {
                    bytes[index] = replacement
                    Formatted.format(bytes, formatter, into: &rows)
                }
                bytes[index] = original
            }
        }
    }

    @Test("random edits", arguments: [false, true])
    func edits(_ isLenient: Bool) {
        var rows = IncomingRows()
        var random = SplitMix(state: isLenient ? 5 : 6)
        let formatter = Self.settings(isLenient: isLenient)
        for _ in 0..<4_000 {
            var bytes = Array(Self.samples[Int(random.next() % UInt64(Self.samples.count))].utf8)
            for _ in 0..<Int(random.next() % 6) + 1 {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                case 2: bytes.swapAt(place, Int(random.next() % UInt64(bytes.count)))
                default:
                    let end = min(bytes.count, place + Int(random.next() % 20))
                    bytes.insert(contentsOf: bytes[place..<end], at: Int(random.next() % UInt64(bytes.count)))
                }
                if bytes.isEmpty { bytes = [0x7b] }
            }
            Formatted.format(bytes, formatter, into: &rows)
        }
    }
}

/// A small deterministic generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
