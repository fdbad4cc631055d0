// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

func statistics(_ points: PointColumn) -> SeriesStatistics {
    SeriesStatistics(
        times: points.times.span, slots: points.values.bits.span, text: points.values.bytes.span,
        type: points.values.type)
}

/// The encoded form, in which NaNs compare like numbers.
func encoded(_ statistics: SeriesStatistics) -> String {
    var bytes: [UInt8] = []
    bytes.append(statistics)
    return hex(bytes)
}

@Suite struct StatisticsTests {
    private let times = "03 00000000000003e8 0000000000000bb8"

    @Test func integers() {
        let three = points(.int32, [(1000, .int32(10)), (2000, .int32(12)), (3000, .int32(11))])
        #expect(
            encoded(statistics(three))
                == hex(unhex(times + "0000000a 0000000c 0000000a 0000000b 0000000000000021")))
        let wide = points(.int64, [(1000, .int64(-1)), (2000, .int64(5)), (3000, .int64(2))])
        let fields = "ffffffffffffffff 0000000000000005 ffffffffffffffff 0000000000000002 4018000000000000"
        #expect(encoded(statistics(wide)) == hex(unhex(times + fields)))
        let date = points(.date, [(1, .date(20_240_101))])
        #expect(
            statistics(date).values
                == .int32(
                    .init(
                        min: 20_240_101, max: 20_240_101, first: 20_240_101,
                        last: 20_240_101, sum: 20_240_101)))
    }

    @Test func booleans() {
        let three = points(.boolean, [(1000, .boolean(true)), (2000, .boolean(false)), (3000, .boolean(true))])
        #expect(encoded(statistics(three)) == hex(unhex(times + "01 01 0000000000000002")))
    }

    @Test func texts() {
        let values = ["b", "a", "ab"].map { Array($0.utf8) }
        let text = points(.text, zip([1000, 2000, 3000], values.map(Value.text)).map { ($0, $1) })
        #expect(encoded(statistics(text)) == hex(unhex(times + "00000001 62 00000002 6162")))
        let string = points(.string, zip([1000, 2000, 3000], values.map(Value.string)).map { ($0, $1) })
        #expect(
            encoded(statistics(string))
                == hex(unhex(times + "00000001 62 00000002 6162 00000001 61 00000001 62")))
        let blob = points(.blob, zip([1000, 2000, 3000], values.map(Value.blob)).map { ($0, $1) })
        #expect(encoded(statistics(blob)) == hex(unhex(times)))
    }

    @Test func stringsCompareUnsignedAndShorterFirst() {
        let values: [[UInt8]] = [[0x7f], [0x80, 1], [0x80], [0xff], []]
        let column = points(.string, zip(Int64(0)..., values.map(Value.string)).map { ($0, $1) })
        #expect(statistics(column).values == .string(first: [0x7f], last: [], min: [], max: [0xff]))
    }

    @Test func notANumberNeverReplacesANumber() {
        let later = statistics(points(.double, [(1, .double(2)), (2, .double(.nan)), (3, .double(1))]))
        guard case .double(let numbers) = later.values else {
            Issue.record("not a double")
            return
        }
        #expect(numbers.min == 1 && numbers.max == 2 && numbers.first == 2 && numbers.last == 1 && numbers.sum.isNaN)
        let first = statistics(points(.float, [(1, .float(.nan)), (2, .float(1))]))
        guard case .float(let floats) = first.values else {
            Issue.record("not a float")
            return
        }
        #expect(floats.min.isNaN && floats.max.isNaN && floats.first.isNaN && floats.last == 1)
    }

    @Test func mergingNotANumber() {
        var merged = statistics(points(.double, [(1, .double(2))]))
        merged.merge(statistics(points(.double, [(2, .double(.nan))])))
        guard case .double(let numbers) = merged.values else {
            Issue.record("not a double")
            return
        }
        #expect(numbers.min == 2 && numbers.max == 2 && numbers.last.isNaN)
    }

    @Test func int32SumsDoNotOverflowTheProgram() {
        var a = SeriesStatistics(
            count: 1, startTime: 1, endTime: 1,
            values: .int32(.init(min: 1, max: 1, first: 1, last: 1, sum: .max)))
        a.merge(statistics(points(.int32, [(2, .int32(1))])))
        guard case .int32(let numbers) = a.values else {
            Issue.record("not an int32")
            return
        }
        #expect(numbers.sum == .min)
    }

    /// Pieces in any order merge into the statistics of the whole.
    @Test(arguments: DataType.allCases)
    func merging(type: DataType) {
        var generator = SeededGenerator(seed: UInt64(type.rawValue))
        var whole = PointColumn(type)
        var pieces: [SeriesStatistics] = []
        for piece in 0..<5 {
            var part = PointColumn(type)
            for index in 0..<20 {
                part.times.append(Int64(piece * 100 + index))
                // No extremes: sums of infinities and huge numbers depend on the order.
                var value = randomValue(type, &generator)
                if case .double(let v) = value { value = .double(v.isFinite && abs(v) < 100 ? v.rounded() : 1) }
                if case .float(let v) = value { value = .float(v.isFinite && abs(v) < 100 ? v.rounded() : 1) }
                if case .int64(let v) = value { value = .int64(abs(v % 100)) }
                if case .timestamp = value { value = .timestamp(Int64(index)) }
                part.values.append(value)
                whole.times.append(Int64(piece * 100 + index))
                whole.values.append(value)
            }
            pieces.append(statistics(part))
        }
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]] {
            var merged = SeriesStatistics(count: 0, startTime: .max, endTime: .min, values: .none)
            for index in order { merged.merge(pieces[index]) }
            #expect(merged == statistics(whole))
        }
    }

    @Test func emptyPiecesChangeNothing() {
        let one = statistics(points(.int32, [(5, .int32(3))]))
        var merged = one
        merged.merge(SeriesStatistics(count: 0, startTime: .max, endTime: .min, values: .none))
        #expect(merged == one)
    }

    @Test(arguments: DataType.allCases)
    func codingRoundTrip(type: DataType) throws {
        var generator = SeededGenerator(seed: 3)
        let original = statistics(randomPoints(type, count: 50, &generator))
        var bytes: [UInt8] = []
        bytes.append(original)
        var cursor = try FileCursor(MemoryFile(bytes: bytes), from: 0, to: bytes.count, limits: TsFileLimits())
        let read = try cursor.statistics(type)
        #expect(encoded(read) == encoded(original) && cursor.remaining == 0)
        var skipper = try FileCursor(MemoryFile(bytes: bytes), from: 0, to: bytes.count, limits: TsFileLimits())
        #expect(try skipper.skipStatistics(type).count == 50 && skipper.remaining == 0)
        for length in 0..<bytes.count {
            var cut = try FileCursor(
                MemoryFile(bytes: Array(bytes[..<length])), from: 0, to: length, limits: TsFileLimits())
            #expect(throws: TsFileError.self) { try cut.statistics(type) }
        }
    }
}
