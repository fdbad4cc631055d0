// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// One point, compared by bits: NaNs and signed zeros count.
struct Point: Equatable, CustomStringConvertible {
    var time: Int64
    var value: Value

    init(_ time: Int64, _ value: Value) {
        self.time = time
        self.value = value
    }

    static func == (a: Point, b: Point) -> Bool {
        guard a.time == b.time, a.value.type == b.value.type else { return false }
        switch (a.value, b.value) {
        case (.float(let x), .float(let y)): return x.bitPattern == y.bitPattern
        case (.double(let x), .double(let y)): return x.bitPattern == y.bitPattern
        default: return a.value == b.value
        }
    }

    var description: String { "(\(time), \(value))" }
}

/// The points of a block, boxed.
func boxed(_ points: PointColumn) -> [Point] {
    points.times.indices.map { Point(points.times[$0], points.values[$0]) }
}

/// What a series must show: the last value written at each time.
struct PointModel {
    private var values: [Int64: Value] = [:]

    var times: [Int64] { values.keys.sorted() }

    mutating func insert(_ points: PointColumn) {
        for point in boxed(points) { values[point.time] = point.value }
    }

    func points(in range: TimeRange) -> [Point] {
        values.filter { range.contains($0.key) }.map { Point($0.key, $0.value) }.sorted { $0.time < $1.time }
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// A value of the type, with its extremes among them.
    mutating func value(_ type: DataType) -> Value {
        let bits = next()
        let isExtreme = bits & 7 == 0
        switch type {
        case .boolean: return .boolean(bits & 8 == 0)
        case .int32: return .int32(isExtreme ? .min : Int32(truncatingIfNeeded: bits >> 8))
        case .int64: return .int64(isExtreme ? .min : Int64(bitPattern: bits))
        case .timestamp: return .timestamp(isExtreme ? .max : Int64(bitPattern: bits))
        case .date: return .date(20_240_101 + Int32(bits >> 8 & 15))
        case .float: return .float(Float(bitPattern: isExtreme ? 0x7fc1_2345 : UInt32(truncatingIfNeeded: bits >> 8)))
        case .double: return .double(Double(bitPattern: isExtreme ? 0x7ff8_0000_dead_beef : bits))
        case .text: return .text(bytes(bits))
        case .string: return .string(Array("wärme \(bits & 0xff)".utf8))
        case .blob: return .blob(bytes(bits))
        }
    }

    private func bytes(_ bits: UInt64) -> [UInt8] {
        (0..<bits & 31).map { UInt8(truncatingIfNeeded: bits >> ($0 & 7)) }
    }

    /// Points with the times from `start` on, each `step` after the one before; a step may be below zero.
    mutating func points(_ type: DataType, count: Int, from start: Int64, step: ClosedRange<Int64>) -> PointColumn {
        var points = PointColumn(type)
        var time = start
        for _ in 0..<count {
            points.times.append(time)
            points.values.append(value(type))
            time += Int64.random(in: step, using: &self)
        }
        return points
    }
}
