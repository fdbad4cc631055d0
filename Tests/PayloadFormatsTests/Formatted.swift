// SPDX-License-Identifier: Apache-2.0

import PayloadFormats
import Testing
import TimeSeriesModel

/// The output of the JSON formatter in a form that tests can read.
struct Formatted {
    let rows: IncomingRows

    init(_ payload: String, _ configure: (inout JSONFormatSettings) -> Void = { _ in }) {
        self.init(bytes: Array(payload.utf8), configure)
    }

    init(bytes: [UInt8], _ configure: (inout JSONFormatSettings) -> Void = { _ in }) {
        var settings = JSONFormatSettings()
        configure(&settings)
        var rows = IncomingRows()
        Self.format(bytes, JSONPayloadFormatter(settings: settings), into: &rows)
        self.rows = rows
    }

    static func format(_ payload: [UInt8], _ formatter: JSONPayloadFormatter, into rows: inout IncomingRows) {
        let topic = Array("any/topic".utf8)
        let publisher = PublisherFacts(clientID: "c", userName: "u", qualityOfService: 1)
        rows.removeAll()
        formatter.format(topic: topic.span, payload: payload.span, publisher: publisher, into: &rows)
        checkInvariants(rows, payload)
    }

    /// `device@time name=cell ...`, in order; a cell is `null`, a number's or word's literal, or text in quotes; declared
    /// types follow the name as `:TYPE`.
    var lines: [String] {
        rows.groups.flatMap { group in
            group.rows.enumerated().map { position, row in
                let cells = group.measurements.enumerated().map { column, name in
                    let cell = rows.cells[group.firstCell + position * group.measurements.count + column]
                    let type = group.declaredTypes.map { ":" + rows.declaredTypes[$0.lowerBound + column].name } ?? ""
                    return "\(rows.string(rows.measurements[name]))\(type)=\(text(cell))"
                }
                return "\(rows.string(group.device))@\(rows.times[row]) \(cells.joined(separator: " "))"
            }
        }
    }

    private func text(_ cell: IncomingCell) -> String {
        switch cell.kind {
        case .null: "null"
        case .boolean: cell.bits == 1 ? "true" : "false"
        case .integer: "\(rows.string(cell.text))"
        case .decimal: "~\(rows.string(cell.text))"
        case .text: "\"\(rows.string(cell.text))\""
        case .literalText: "'\(rows.string(cell.text))'"
        case .binary: "binary"
        }
    }

    /// `code extent[element,row]`, in order.
    var problems: [String] {
        rows.problems.map { "\($0.code.name) \($0.extent)[\($0.element),\($0.row)]" }
    }

    var messages: [String] { rows.problems.map(\.message) }

    func count(_ oddity: Oddity) -> Int { rows.oddities[Int(oddity.rawValue)] }

    /// What every output must satisfy, whatever the input.
    private static func checkInvariants(_ rows: IncomingRows, _ payload: [UInt8]) {
        let areTextsInside =
            (rows.measurements + rows.cells.map(\.text) + rows.groups.map(\.device))
            .allSatisfy { $0.range.upperBound <= rows.text.count }
        let isParallel =
            rows.rowIndexes.count == rows.times.count
            && (rows.usesArrivalTime.isEmpty || rows.usesArrivalTime.count == rows.times.count)
        var cells = 0, times = 0, names = 0, types = 0
        var areGroupsSound = true
        for group in rows.groups {
            areGroupsSound =
                areGroupsSound && group.rows.lowerBound == times && !group.rows.isEmpty && group.firstCell == cells
                && group.measurements.lowerBound == names && !group.measurements.isEmpty
                && (group.declaredTypes ?? types..<types + group.measurements.count)
                    == types..<types + group.measurements.count
            times = group.rows.upperBound
            names = group.measurements.upperBound
            cells += group.rows.count * group.measurements.count
            types = group.declaredTypes?.upperBound ?? types
        }
        let isComplete =
            cells == rows.cells.count && times == rows.times.count && names == rows.measurements.count
            && types == rows.declaredTypes.count
        let isSound = areTextsInside && isParallel && areGroupsSound && isComplete && rows.text.starts(with: payload)
        #expect(isSound, "unsound output for \(String(decoding: payload, as: UTF8.self))")
        let isPayloadRefused = rows.problems.contains { $0.extent == .payload }
        #expect(!isPayloadRefused || (rows.groups.isEmpty && rows.problems.count == 1 && rows.problemCount == 1))
        #expect(rows.problemCount >= rows.problems.count)
    }
}

/// The manual's row (vector J1), with keys replaced (a nil value removes one) or added.
func row(_ changes: [(String, String?)] = []) -> String {
    object(
        [
            ("device", #""root.sg.d1""#), ("timestamp", "1586076045524"), ("measurements", #"["s1","s2"]"#),
            ("values", "[0.530635,0.530635]"),
        ], changes)
}

/// A batch of two rows (vector J2), changed likewise.
func batch(_ changes: [(String, String?)] = []) -> String {
    object(
        [
            ("device", #""root.sg.d1""#), ("timestamps", "[1586076045524,1586076065526]"),
            ("measurements", #"["s1","s2"]"#), ("values", "[[0.530635,0.530635],[0.530655,0.530695]]"),
        ], changes)
}

private func object(_ base: [(String, String)], _ changes: [(String, String?)]) -> String {
    var pairs = base
    for (key, value) in changes {
        pairs.removeAll { $0.0 == key }
        if let value { pairs.append((key, value)) }
    }
    return "{" + pairs.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
}

let rowLine = "root.sg.d1@1586076045524 s1=~0.530635 s2=~0.530635"
let batchLines = [rowLine, "root.sg.d1@1586076065526 s1=~0.530655 s2=~0.530695"]
