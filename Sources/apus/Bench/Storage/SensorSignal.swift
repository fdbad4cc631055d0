// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Data as sensors send it, five kinds, the same for the same seed.
struct SensorSignal: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        /// DOUBLE, a random walk with two decimals.
        case walk
        /// FLOAT with one decimal that changes in five of a hundred points.
        case setpoint
        /// INT64 that rises by 0 to 20.
        case counter
        /// BOOLEAN that flips in one of fifty points.
        case flag
        /// TEXT, one of six states, another one in two of a hundred points.
        case state

        var type: DataType {
            switch self {
            case .walk: .double
            case .setpoint: .float
            case .counter: .int64
            case .flag: .boolean
            case .state: .text
            }
        }
    }

    private static let states = ["IDLE", "STARTING", "RUNNING", "RUNNING_DEGRADED", "STOPPING", "FAULT"]

    let kind: Kind
    private var numbers: SeededNumbers
    /// The walk's hundredths, the setpoint's tenths, the count, the flag, the state.
    private var level: Int64

    init(_ kind: Kind, seed: UInt64) {
        self.kind = kind
        numbers = SeededNumbers(seed: seed)
        level =
            switch kind {
            case .walk: Int64.random(in: 1_000...9_000, using: &numbers)
            case .setpoint: Int64.random(in: 100...900, using: &numbers)
            case .counter: 0
            case .flag, .state: 0
            }
    }

    /// Appends the next value to a column of ``Kind/type``.
    mutating func append(to values: inout ValueColumn) {
        switch kind {
        case .walk:
            level += Int64(numbers.next() & 63) - 31
            values.bits.append((Double(level) / 100).bitPattern)
        case .setpoint:
            if numbers.next() % 100 < 5 { level = Int64(numbers.next() % 800) + 100 }
            values.bits.append(UInt64((Float(level) / 10).bitPattern))
        case .counter:
            level += Int64(numbers.next() % 21)
            values.bits.append(UInt64(bitPattern: level))
        case .flag:
            if numbers.next() % 50 == 0 { level = 1 - level }
            values.bits.append(UInt64(bitPattern: level))
        case .state:
            if numbers.next() % 50 == 0 { level = Int64(numbers.next() % UInt64(Self.states.count)) }
            values.append(bytes: Array(Self.states[Int(level)].utf8).span)
        }
    }
}

/// Times of a device: every second, or up to 40 ms late.
struct SensorTimes: Sendable {
    /// 2025-01-06, a Monday: partitions begin on Thursdays.
    static let first: Int64 = 1_736_121_600_000

    let isJittered: Bool
    private var numbers: SeededNumbers
    private var count: Int64 = 0

    init(isJittered: Bool, seed: UInt64) {
        self.isJittered = isJittered
        numbers = SeededNumbers(seed: seed)
    }

    mutating func next() -> Int64 {
        count += 1
        return Self.first + count * 1_000 + (isJittered ? Int64(numbers.next() % 41) : 0)
    }
}
