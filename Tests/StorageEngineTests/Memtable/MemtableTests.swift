// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct MemtableTests {
    @Test(arguments: DataType.allCases)
    func `random points read back sorted, one a time, the last to arrive`(_ type: DataType) {
        var random = SeededRandom(seed: UInt64(type.rawValue) + 1)
        let memtable = Memtable()
        var model = PointModel()
        for _ in 0..<60 {
            let isLate = Int.random(in: 0..<3, using: &random) == 0
            let start: Int64 = isLate ? Int64.random(in: -50...6_000, using: &random) : (model.times.last ?? 0) + 1
            let step: ClosedRange<Int64> = isLate ? -2...3 : 1...2
            let points = random.points(type, count: Int.random(in: 1...150, using: &random), from: start, step: step)
            memtable.append(series: SeriesID(rawValue: 7), type: type, times: points.times, values: points.values)
            model.insert(points)
        }
        memtable.publish()
        let range = TimeRange(100, 3_000)
        #expect(points(memtable, 7) == model.points(in: .all))
        #expect(points(memtable, 7, in: range) == model.points(in: range))
        #expect(points(memtable, 7, in: .all, .descending) == model.points(in: .all).reversed())
        #expect(points(memtable, 7, in: range, .descending) == model.points(in: range).reversed())
        for range in [TimeRange.all, range, TimeRange(-10, -5), TimeRange(9, 3)] {
            let last = memtable.slice(of: SeriesID(rawValue: 7))?.last(in: range)
            #expect(last.map { Point($0.time, $0.value) } == model.points(in: range).last)
        }
    }

    @Test(arguments: [DataType.int64, .text])
    func `points that come in order are read without sorting`(_ type: DataType) throws {
        var random = SeededRandom(seed: 3)
        let memtable = Memtable()
        var model = PointModel()
        var time: Int64 = -20_000
        for count in [1, 3, 100, 5_000, 2, 7] {
            let points = random.points(type, count: count, from: time, step: 1...3)
            memtable.append(series: SeriesID(rawValue: 1), type: type, times: points.times, values: points.values)
            model.insert(points)
            time = (points.times.last ?? 0) + 1
        }
        memtable.publish()
        let slice = try #require(memtable.slice(of: SeriesID(rawValue: 1)))
        #expect(slice.isRising)
        #expect(slice.timeRange() == TimeRange(-20_000, time - 1))
        for range in [TimeRange.all, TimeRange(-19_000, 500), TimeRange(-19_990, -19_980), TimeRange(.min, -20_000)] {
            #expect(points(memtable, 1, in: range) == model.points(in: range))
            #expect(points(memtable, 1, in: range, .descending) == model.points(in: range).reversed())
            #expect(slice.last(in: range).map { Point($0.time, $0.value) } == model.points(in: range).last)
        }
    }

    @Test func `at equal times the last to arrive wins, in one append and over several`() {
        let memtable = Memtable()
        for values in [[1.0], [2.0], [3.0, 4.0], [5.0]] {
            var column = ValueColumn(.double)
            for value in values { column.append(.double(value)) }
            memtable.append(
                series: SeriesID(rawValue: 1), type: .double, times: values.map { _ in 10 }, values: column)
            memtable.publish()
            #expect(points(memtable, 1) == [Point(10, .double(values.last ?? 0))])
        }
    }

    @Test func `nobody sees a point before it is published`() {
        let memtable = Memtable()
        memtable.append(
            series: SeriesID(rawValue: 300), type: .int32, times: [1, 2], values: column([.int32(1), .int32(2)]))
        #expect(memtable.series().isEmpty)
        #expect(memtable.slice(of: SeriesID(rawValue: 300)) == nil)
        #expect(memtable.pointCount == 0)
        #expect(!memtable.isEmpty)
        memtable.publish()
        #expect(memtable.series() == [SeriesID(rawValue: 300)])
        memtable.append(series: SeriesID(rawValue: 300), type: .int32, times: [0], values: column([.int32(3)]))
        memtable.append(series: SeriesID(rawValue: 2), type: .int32, times: [0], values: column([.int32(4)]))
        #expect(points(memtable, 300) == [Point(1, .int32(1)), Point(2, .int32(2))])
        #expect(memtable.pointCount == 2)
        memtable.publish()
        #expect(points(memtable, 300).first == Point(0, .int32(3)))
        #expect(memtable.series() == [SeriesID(rawValue: 2), SeriesID(rawValue: 300)])
    }

    @Test func `a slice stays as it was while more is published`() throws {
        let memtable = Memtable()
        memtable.append(series: SeriesID(rawValue: 1), type: .int32, times: [5], values: column([.int32(1)]))
        memtable.publish()
        let slice = try #require(memtable.slice(of: SeriesID(rawValue: 1)))
        memtable.append(
            series: SeriesID(rawValue: 1), type: .int32, times: [5, 4, 9],
            values: column([.int32(2), .int32(3), .int32(4)]))
        memtable.publish()
        #expect(slice.isRising)
        #expect(slice.timeRange() == TimeRange(5, 5))
        #expect(readAll(slice.cursor(in: .all, order: .ascending)) == [Point(5, .int32(1))])
        #expect(slice.last(in: .all).map { Point($0.time, $0.value) } == Point(5, .int32(1)))
    }

    @Test func `an idle series costs little, and bytes are counted`() {
        let memtable = Memtable()
        for id in 0..<100 {
            memtable.append(
                series: SeriesID(rawValue: UInt32(id)), type: .int64, times: [1], values: column([.int64(1)]))
        }
        #expect(memtable.byteCount <= 100 * 400)
        let before = memtable.byteCount
        let times = (0..<100_000).map { Int64($0) + 2 }
        var values = ValueColumn(.int64)
        values.bits = times.map { UInt64(bitPattern: $0) }
        memtable.append(series: SeriesID(rawValue: 1), type: .int64, times: times, values: values)
        #expect((1_600_000...1_800_000).contains(memtable.byteCount - before))
        #expect(memtable.isFull(memtable.byteCount) && !memtable.isFull(memtable.byteCount + 1))
        #expect(memtable.isFull(.max, cap: memtable.byteCount) && !memtable.isFull(.max))
    }

    @Test func `texts are counted, kept whole and bit-identical, however long`() {
        var random = SeededRandom(seed: 9)
        let memtable = Memtable()
        var model = PointModel()
        for (index, length) in [0, 1, 100, 200_000, 0, 70_000, 3, 65_536, 65_535, 1].enumerated() {
            var points = PointColumn(.blob)
            points.times = [Int64(index)]
            points.values.append(.blob((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }))
            memtable.append(series: SeriesID(rawValue: 1), type: .blob, times: points.times, values: points.values)
            model.insert(points)
        }
        memtable.publish()
        #expect(memtable.byteCount > 336_000)
        #expect(points(memtable, 1) == model.points(in: .all))
    }

    private func points(
        _ memtable: Memtable, _ id: UInt32, in range: TimeRange = .all, _ order: TimeOrder = .ascending
    ) -> [Point] {
        guard let slice = memtable.slice(of: SeriesID(rawValue: id)) else { return [] }
        let read = readAll(slice.cursor(in: range, order: order))
        if order == .ascending {
            let whole = memtable.points(of: SeriesID(rawValue: id), in: range)
            #expect(whole.map(boxed) == read)
        }
        return read
    }

    private func readAll(_ cursor: MemtableCursor) -> [Point] {
        var cursor = cursor
        var points: [Point] = []
        while let block = cursor.next() {
            #expect((1...SeriesCursor.blockPointsMax).contains(block.count))
            points += boxed(block)
        }
        return points
    }

    private func column(_ values: [Value]) -> ValueColumn {
        var column = ValueColumn(values[0].type)
        for value in values { column.append(value) }
        return column
    }
}
