// SPDX-License-Identifier: Apache-2.0

import Foundation
import PayloadFormats
import Testing
import TimeSeriesModel

/// The scanner against Foundation's JSON reader: on what is JSON at all, and on what generated documents mean.
@Suite("Against an independent parser")
struct DifferentialTests {
    @Test("the same texts are JSON")
    func validity() {
        var random = SplitMix(state: 21)
        var generator = DocumentGenerator(random: SplitMix(state: 22))
        // Without what the two readers take differently on purpose: NaN, Infinity, \', raw control characters.
        let alphabet = Array(#"{}[]",:\0123456789-+.eE truefalsn"#.utf8)
        var valid = 0
        for _ in 0..<6_000 {
            var bytes = Array(generator.document().utf8)
            for _ in 0..<Int(random.next() % 3) {
                let place = Int(random.next() % UInt64(bytes.count))
                let byte = alphabet[Int(random.next() % UInt64(alphabet.count))]
                if random.next() % 2 == 0 { bytes[place] = byte } else { bytes.insert(byte, at: place) }
            }
            if Self.isReadDifferently(String(decoding: bytes, as: UTF8.self)) { continue }
            let expected = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
            let problem = Formatted(bytes: bytes).rows.problems.first
            let taken = problem?.extent != .payload
            valid += taken ? 1 : 0
            #expect(taken == expected, "\(String(decoding: bytes, as: UTF8.self)) \(problem?.message ?? "")")
        }
        #expect(valid > 500 && valid < 5_500, "both kinds occur: \(valid)")
    }

    /// Foundation's reader takes a comma before a closing bracket, and no number that is no double. Both are tested elsewhere.
    private static func isReadDifferently(_ text: String) -> Bool {
        text.contains(/,\s*[\]}]/) || text.contains(/[eE][+-]?[0-9]{3}/)
    }

    @Test("generated documents mean the same")
    func meaning() throws {
        var generator = DocumentGenerator(random: SplitMix(state: 31))
        var rows = 0
        for _ in 0..<3_000 {
            let text = generator.document()
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
            var model = PayloadModel()
            model.read(object)
            let result = Formatted(text)
            #expect(Self.readable(result) == model.rows, "\(text)")
            #expect(result.rows.refusedRows == model.refused, "\(text)")
            rows += model.rows.count
        }
        #expect(rows > 1_000, "enough of them are good: \(rows)")
    }

    /// Rows with values as Foundation shows them.
    private static func readable(_ result: Formatted) -> [String] {
        let rows = result.rows
        return rows.groups.flatMap { group in
            group.rows.enumerated().map { position, row in
                let cells = group.measurements.enumerated().map { column, name in
                    let cell = rows.cells[group.firstCell + position * group.measurements.count + column]
                    return "\(rows.string(rows.measurements[name]))=\(value(cell, rows))"
                }
                return "\(rows.string(group.device))@\(rows.times[row]) \(cells.joined(separator: ","))"
            }
        }
    }

    private static func value(_ cell: IncomingCell, _ rows: IncomingRows) -> String {
        switch cell.kind {
        case .null: "null"
        case .boolean: cell.bits == 1 ? "true" : "false"
        case .integer: PayloadModel.rounded(Double(Int64(bitPattern: cell.bits)))
        case .decimal: PayloadModel.rounded(Double(bitPattern: cell.bits))
        case .text, .literalText, .binary: "'\(rows.string(cell.text))'"
        }
    }
}

/// The rules of mqtt-payloads 2.1-2.4 once more, over Foundation's objects and without any care for speed.
struct PayloadModel {
    var rows: [String] = []
    var refused = 0

    mutating func read(_ object: Any) {
        for element in object as? [Any] ?? [object] {
            guard let pairs = element as? [String: Any] else {
                refused += 1
                continue
            }
            if pairs["timestamp"] == nil, pairs["timestamps"] != nil { readBatch(pairs) } else { readRow(pairs) }
        }
    }

    private mutating func readRow(_ pairs: [String: Any]) {
        guard let head = head(pairs), let time = pairs["timestamp"].flatMap(time),
            let values = pairs["values"] as? [Any],
            let line = line(head, time, values)
        else {
            refused += 1
            return
        }
        rows.append(line)
    }

    private mutating func readBatch(_ pairs: [String: Any]) {
        let times = pairs["timestamps"] as? [Any]
        let values = pairs["values"] as? [Any]
        let isFlat = values.map {
            $0.contains { !($0 is NSNull) } && !$0.contains { $0 is [Any] || $0 is [String: Any] }
        }
        guard let head = head(pairs), let times, let values, isFlat == false else {
            refused += max(1, times?.count ?? 0, values?.count ?? 0)
            return
        }
        for index in 0..<max(times.count, values.count) {
            guard index < times.count, index < values.count, let time = time(times[index]),
                let row = values[index] as? [Any], let line = line(head, time, row)
            else {
                refused += 1
                continue
            }
            rows.append(line)
        }
    }

    private func head(_ pairs: [String: Any]) -> (device: String, names: [String])? {
        guard let device = pairs["device"] as? String, !device.isEmpty, let names = pairs["measurements"] as? [Any],
            names.allSatisfy({ $0 is String })
        else { return nil }
        let texts = names.compactMap { $0 as? String }
        if Set(texts.map { Array($0.utf8) }).count != texts.count { return nil }
        if let types = pairs["datatypes"], !(types is NSNull) {
            guard let list = types as? [Any], list.count == texts.count,
                list.allSatisfy({ ($0 as? String).flatMap { DataType(name: $0) } != nil })
            else { return nil }
        }
        if let aligned = pairs["isAligned"], !(aligned is NSNull), !isBoolean(aligned) { return nil }
        return (device, texts)
    }

    private func time(_ value: Any) -> Int64? {
        var time: Int64?
        if let text = value as? String { time = Int64(text) }
        if let number = value as? NSNumber, !isBoolean(value) {
            time = Int64(exactly: number.doubleValue.rounded(.towardZero))
        }
        return time.flatMap { abs($0) <= 10_000_000_000_000 ? $0 : nil }
    }

    private func line(_ head: (device: String, names: [String]), _ time: Int64, _ values: [Any]) -> String? {
        guard values.count == head.names.count, !values.isEmpty else { return nil }
        var cells: [String] = []
        for (name, value) in zip(head.names, values) {
            guard let text = text(value) else { return nil }
            cells.append("\(name)=\(text)")
        }
        return "\(head.device)@\(time) \(cells.joined(separator: ","))"
    }

    private func text(_ value: Any) -> String? {
        if value is NSNull { return "null" }
        if let text = value as? String { return "'\(text)'" }
        if isBoolean(value) { return value as? Bool == true ? "true" : "false" }
        return (value as? NSNumber).map { Self.rounded($0.doubleValue) }
    }

    /// Foundation's reader misses the nearest double now and then, so only 12 digits are compared; that ours is the nearest
    /// is tested against the C library.
    static func rounded(_ value: Double) -> String { String(format: "%.12g", value) }

    private func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { unsafe String(cString: $0.objCType) == "c" } ?? false
    }
}

/// Makes JSON documents that are mostly right: shapes, keys in any order, escapes, blanks, and a defect now and then.
struct DocumentGenerator {
    var random: SplitMix

    mutating func document() -> String {
        if chance(2) { return element() }
        return "[" + (0..<number(4)).map { _ in chance(12) ? scalar() : element() }.joined(separator: comma()) + "]"
    }

    private mutating func number(_ below: Int) -> Int { Int(random.next() % UInt64(below)) }
    private mutating func chance(_ oneIn: Int) -> Bool { number(oneIn) == 0 }

    private mutating func blank() -> String { ["", "", "", " ", "\n", "\t "][number(6)] }
    private mutating func comma() -> String { blank() + "," + blank() }

    private mutating func element() -> String {
        let width = number(4) + (chance(10) ? 0 : 1)
        let isBatch = chance(2)
        let count = number(4)
        var pairs = [
            ("device", chance(20) ? scalar() : string(["root.sg.d1", "root.温度.x", "root.a.b.c"][number(3)])),
            ("measurements", chance(30) ? scalar() : list(width) { $0.chance(40) ? $0.scalar() : $0.string("m\($1)") }),
        ]
        if isBatch {
            pairs.append(("timestamps", chance(30) ? scalar() : list(count) { generator, _ in generator.time() }))
            pairs.append(("values", values(chance(8) ? number(5) : count, width)))
        } else {
            if !chance(20) { pairs.append(("timestamp", time())) }
            pairs.append(("values", chance(20) ? scalar() : row(width)))
        }
        if chance(5) { pairs.append(("datatypes", types(width))) }
        if chance(8) { pairs.append(("isAligned", ["false", "null", "true", "1"][number(4)])) }
        if chance(4) { pairs.append(("extra\(number(9))", tree(3))) }
        if chance(30) { pairs.removeFirst() }
        pairs.shuffle(using: &random)
        let members = pairs.map { key($0.0) + blank() + ":" + blank() + $0.1 }
        return "{" + blank() + members.joined(separator: comma()) + blank() + "}"
    }

    private mutating func key(_ name: String) -> String { string(name) }

    private mutating func list(_ count: Int, _ entry: (inout Self, Int) -> String) -> String {
        var entries: [String] = []
        for index in 0..<count { entries.append(entry(&self, index)) }
        return "[" + blank() + entries.joined(separator: comma()) + blank() + "]"
    }

    private mutating func values(_ count: Int, _ width: Int) -> String {
        if chance(25) { return scalar() }
        return list(count) { generator, _ in generator.chance(15) ? generator.scalar() : generator.row(width) }
    }

    private mutating func row(_ width: Int) -> String {
        list(chance(15) ? number(6) : width) { generator, _ in
            generator.chance(30) ? generator.tree(2) : generator.scalar()
        }
    }

    private mutating func types(_ width: Int) -> String {
        list(chance(8) ? number(5) : width) { generator, _ in
            generator.chance(12) ? generator.scalar() : "\"\(DataType.allCases[generator.number(10)].name)\""
        }
    }

    private mutating func time() -> String {
        switch number(12) {
        case 0: scalar()
        case 1: "\"\(number(2_000_000))\""
        case 2: "\(number(1_000)).\(number(1_000))"
        case 3: "-\(number(1_000_000))"
        case 4: "\(number(90) + 1)00000000000000000"
        case 5: "\(number(900))e\(number(5))"
        default: "\(1_586_076_045_000 + number(1_000_000))"
        }
    }

    private mutating func scalar() -> String {
        switch number(8) {
        case 0: "null"
        case 1: chance(2) ? "true" : "false"
        case 2: string(["", "text", "温度", "a\"b\\c/", "😀", "1.5", "null"][number(7)])
        case 3: "\(number(2_000) - 1_000)"
        case 4: "\(Double(bitPattern: random.next() & 0x43ff_ffff_ffff_ffff))"
        case 5: "-\(number(100)).\(number(100_000))"
        case 6: "\(number(100))e\(number(40) - 20)"
        default: "0.\(number(1_000_000_000))\(number(1_000_000_000))"
        }
    }

    private mutating func tree(_ depth: Int) -> String {
        if depth == 0 { return scalar() }
        return chance(2)
            ? list(number(3)) { generator, _ in generator.tree(depth - 1) }
            : "{" + (0..<number(3)).map { "\"k\($0)\":" + tree(depth - 1) }.joined(separator: ",") + "}"
    }

    /// A JSON string, some of its characters escaped though they need not be.
    private mutating func string(_ text: String) -> String {
        var result = "\""
        for unit in text.utf16 {
            let mustEscape = unit == 0x22 || unit == 0x5c
            if mustEscape || chance(15) || (unit & 0xf800 == 0xd800) {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                result += String(decoding: [unit], as: UTF16.self)
            }
        }
        return result + "\""
    }
}
