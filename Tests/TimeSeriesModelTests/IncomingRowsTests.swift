// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Incoming rows")
struct IncomingRowsTests {
    private func filled() -> IncomingRows {
        var rows = IncomingRows()
        let text = Array("root.sg.d1".utf8)
        rows.appendText(text.span)
        rows.measurements.append(TextRange(offset: 0, length: 4))
        rows.declaredTypes.append(.int32)
        rows.noteArrivalTime()
        rows.times.append(1)
        rows.rowIndexes.append(0)
        rows.cells.append(IncomingCell(.null))
        rows.groups.append(
            IncomingGroup(
                element: -1, device: TextRange(offset: 0, length: 10), measurements: 0..<1, declaredTypes: 0..<1,
                rows: 0..<1, firstCell: 0, isAligned: nil))
        rows.report(.badTime, keeping: 1) { _ in Problem(.badTime, .row, "x") }
        rows.refusedRows = 3
        rows.count(.nullText)
        return rows
    }

    private func holdsNothing(_ rows: IncomingRows) -> Bool {
        rows.isEmpty && rows.measurements.isEmpty && rows.declaredTypes.isEmpty && rows.times.isEmpty
            && rows.rowIndexes.isEmpty && rows.usesArrivalTime.isEmpty && rows.cells.isEmpty && rows.refusedRows == 0
            && rows.oddities.allSatisfy { $0 == 0 } && rows.problemCounts.allSatisfy { $0 == 0 }
    }

    @Test("emptying takes everything")
    func removeAll() {
        var rows = filled()
        #expect(!rows.isEmpty)
        #expect(rows.string(rows.groups[0].device) == "root.sg.d1")
        rows.removeAll()
        #expect(holdsNothing(rows) && rows.text.isEmpty)
    }

    @Test("withdrawing leaves the text")
    func withdraw() {
        var rows = filled()
        rows.withdraw()
        #expect(holdsNothing(rows))
        #expect(rows.text.count == 10)
    }

    @Test("problems are counted without limit and kept up to one; the first always")
    func problems() {
        var rows = IncomingRows()
        #expect(rows.problemCount == 0)
        for index in 0..<5 { rows.report(.badPath, keeping: 2) { _ in Problem(.badPath, .row, "\(index)") } }
        rows.report(.denied, keeping: 2) { _ in Problem(.denied, .row, "denied") }
        #expect(rows.problems.map(\.message) == ["0", "1"])
        #expect(rows.problemCounts[Int(ProblemCode.badPath.rawValue)] == 5)
        #expect(rows.problemCount == 6)
        rows.removeAll()
        rows.report(.denied, keeping: 0) { _ in Problem(.denied, .row, "denied") }
        #expect(rows.problems.count == 1)
        #expect(ProblemCode.allCases.allSatisfy { $0.rawValue < ProblemCode.slotCount })
    }

    @Test("a long device is cut between characters")
    func shownDevice() {
        var rows = IncomingRows()
        let text = Array(String(repeating: "温", count: 100).utf8)
        rows.appendText(text.span)
        #expect(rows.shownDevice(TextRange(offset: 0, length: 255)) == String(repeating: "温", count: 85))
        #expect(rows.shownDevice(TextRange(offset: 0, length: 300)) == String(repeating: "温", count: 85) + "…")
    }

    @Test("arrival flags are there for all rows or for none")
    func arrivalFlags() {
        var rows = IncomingRows()
        rows.times.append(1)
        rows.completeArrivalFlags()
        #expect(rows.usesArrivalTime.isEmpty)
        rows.noteArrivalTime()
        rows.times.append(0)
        rows.times.append(2)
        rows.completeArrivalFlags()
        #expect(rows.usesArrivalTime == [false, true, false])
    }
}
