// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension [UInt8] {
    mutating func append(_ statistics: SeriesStatistics) {
        appendUVar(UInt32(statistics.count))
        appendInt64(statistics.startTime)
        appendInt64(statistics.endTime)
        switch statistics.values {
        case .none:
            break
        case .boolean(let first, let last, let sum):
            append(first ? 1 : 0)
            append(last ? 1 : 0)
            appendInt64(sum)
        case .int32(let numbers):
            for value in [numbers.min, numbers.max, numbers.first, numbers.last] { appendInt32(value) }
            appendInt64(numbers.sum)
        case .int64(let numbers):
            for value in [numbers.min, numbers.max, numbers.first, numbers.last] { appendInt64(value) }
            appendDouble(numbers.sum)
        case .float(let numbers):
            for value in [numbers.min, numbers.max, numbers.first, numbers.last] {
                appendInt32(Int32(bitPattern: value.bitPattern))
            }
            appendDouble(numbers.sum)
        case .double(let numbers):
            for value in [numbers.min, numbers.max, numbers.first, numbers.last] { appendDouble(value) }
            appendDouble(numbers.sum)
        case .text(let first, let last):
            for value in [first, last] { appendLengthPrefixed(value) }
        case .string(let first, let last, let least, let greatest):
            for value in [first, last, least, greatest] { appendLengthPrefixed(value) }
        }
    }

    private mutating func appendDouble(_ value: Double) {
        appendInt64(Int64(bitPattern: value.bitPattern))
    }
}

extension FileCursor {
    /// Statistics of a series of this type; nil is the time column of an aligned device.
    mutating func statistics(_ type: DataType?) throws(TsFileError) -> SeriesStatistics {
        let head = try statisticsHead()
        return SeriesStatistics(
            count: head.count, startTime: head.startTime, endTime: head.endTime, values: try valueStatistics(type))
    }

    /// Steps over the statistics and returns only the part that all types have.
    mutating func skipStatistics(_ type: DataType?) throws(TsFileError) -> StatisticsHead {
        let head = try statisticsHead()
        switch type {
        case nil, .blob: break
        case .boolean: try skip(10)
        case .int32, .date, .float: try skip(24)
        case .int64, .timestamp, .double: try skip(40)
        case .text: for _ in 0..<2 { try skip(try length()) }
        case .string: for _ in 0..<4 { try skip(try length()) }
        }
        return head
    }

    private mutating func statisticsHead() throws(TsFileError) -> StatisticsHead {
        let offset = position
        let head = StatisticsHead(count: Int(try uvar()), startTime: try int64(), endTime: try int64())
        guard head.count == 0 || head.startTime <= head.endTime else {
            throw TsFileError.corrupt("statistics that end before they start", at: offset)
        }
        guard head.count <= Int(Int32.max) else {
            throw TsFileError.corrupt("statistics of \(head.count) points, more than 2^31 - 1,", at: offset)
        }
        return head
    }

    private mutating func valueStatistics(_ type: DataType?) throws(TsFileError) -> ValueStatistics {
        switch type {
        case nil, .blob:
            return .none
        case .boolean:
            return .boolean(first: try uint8() != 0, last: try uint8() != 0, sum: try int64())
        case .int32, .date:
            return .int32(
                NumberStatistics(
                    min: try int32(), max: try int32(), first: try int32(), last: try int32(), sum: try int64()))
        case .int64, .timestamp:
            return .int64(
                NumberStatistics(
                    min: try int64(), max: try int64(), first: try int64(), last: try int64(), sum: try double()))
        case .float:
            return .float(
                NumberStatistics(
                    min: try float(), max: try float(), first: try float(), last: try float(), sum: try double()))
        case .double:
            return .double(
                NumberStatistics(
                    min: try double(), max: try double(), first: try double(), last: try double(), sum: try double()))
        case .text:
            return .text(first: try text(), last: try text())
        case .string:
            return .string(first: try text(), last: try text(), min: try text(), max: try text())
        }
    }

    private mutating func double() throws(TsFileError) -> Double {
        Double(bitPattern: UInt64(bitPattern: try int64()))
    }

    private mutating func float() throws(TsFileError) -> Float {
        Float(bitPattern: UInt32(bitPattern: try int32()))
    }

    private mutating func length() throws(TsFileError) -> Int {
        let offset = position
        let length = Int(try int32())
        guard length >= 0 else { throw TsFileError.corrupt("a text of \(length) bytes", at: offset) }
        return length
    }

    private mutating func text() throws(TsFileError) -> [UInt8] {
        let length = try length()
        guard length <= limits.pageBytesMax else {
            throw TsFileError.limit(
                "a text of the statistics at offset \(position)", length, "pageBytesMax", limits.pageBytesMax)
        }
        return try bytes(length)
    }
}

/// The part of statistics that all types have.
struct StatisticsHead: Sendable {
    var count: Int
    var startTime: Timestamp
    var endTime: Timestamp

    var timeRange: TimeRange { TimeRange(startTime, endTime) }
}
