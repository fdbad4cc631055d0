// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Turns the stored body of a page into points, and checks them against the page's statistics.
enum PageDecoder {
    /// A stored body and how it is stored.
    struct Stored {
        var bytes: [UInt8]
        var body: PageBody
        var encoding: TsFileEncoding
        var compressor: TsFileCompressor

        func decompressed() throws(CodecError) -> [UInt8] {
            try Compression.decompress(bytes, compressor, byteCount: body.uncompressedSize)
        }
    }

    /// A page with its own times.
    static func decode(_ stored: Stored, _ statistics: StatisticsHead, type: DataType) throws(TsFileError)
        -> PointColumn
    {
        do {
            let body = try stored.decompressed()
            return try decode(body.span, statistics, type: type, encoding: stored.encoding)
        } catch {
            throw TsFileError.corrupt("\(error.message) in the page", at: stored.body.offset)
        }
    }

    private static func decode(
        _ body: Span<UInt8>, _ statistics: StatisticsHead, type: DataType, encoding: TsFileEncoding
    ) throws(CodecError) -> PointColumn {
        var reader = ByteReader(body)
        let timesLength = Int(try reader.uvar())
        let timesRange = try reader.take(timesLength)
        var points = PointColumn(type)
        points.times = try TwoDifferences.decode(
            body.extracting(timesRange), count: statistics.count, wordBits: 64, as: Int64.self)
        try check(points.times.span, statistics)
        let valuesRange = try reader.take(reader.remaining)
        points.values = try ValueCodec.decode(
            type, encoding, body.extracting(valuesRange), count: statistics.count)
        return points
    }

    private static func check(_ times: Span<Int64>, _ statistics: StatisticsHead) throws(CodecError) {
        guard times.isRising, times[0] == statistics.startTime, times[times.count - 1] == statistics.endTime else {
            throw CodecError("times that do not rise from \(statistics.startTime) to \(statistics.endTime)")
        }
    }

    /// A page of the time column of an aligned device.
    static func decodeTimes(_ stored: Stored, _ rows: StatisticsHead) throws(TsFileError) -> [Timestamp] {
        do {
            let body = try stored.decompressed()
            let times = try decodeTimes(body.span, stored.encoding, count: rows.count)
            try check(times.span, rows)
            return times
        } catch {
            throw TsFileError.corrupt("\(error.message) in the page of times", at: stored.body.offset)
        }
    }

    private static func decodeTimes(
        _ body: Span<UInt8>, _ encoding: TsFileEncoding, count: Int
    ) throws(CodecError) -> [Timestamp] {
        if encoding == .ts2diff {
            return try TwoDifferences.decode(body, count: count, wordBits: 64, as: Int64.self)
        }
        return try ValueCodec.decode(.int64, encoding, body, count: count).bits.map { Int64(bitPattern: $0) }
    }

    /// A page of a value column of an aligned device, whose rows have these times; rows without a value are left out.
    static func decode(
        _ stored: Stored, _ statistics: StatisticsHead, type: DataType, times: [Timestamp]
    ) throws(TsFileError) -> PointColumn {
        do {
            let body = try stored.decompressed()
            return try decodeRows(body.span, statistics, type: type, encoding: stored.encoding, times: times)
        } catch {
            throw TsFileError.corrupt("\(error.message) in the page", at: stored.body.offset)
        }
    }

    private static func decodeRows(
        _ body: Span<UInt8>, _ statistics: StatisticsHead, type: DataType, encoding: TsFileEncoding, times: [Timestamp]
    ) throws(CodecError) -> PointColumn {
        var reader = ByteReader(body)
        var rows = 0
        let rowsRange = try reader.take(4)
        for index in rowsRange { rows = rows << 8 | Int(body[index]) }
        guard rows == times.count else { throw CodecError("\(rows) rows where the time column has \(times.count)") }
        let bitmap = try reader.take((rows + 7) / 8)
        var points = PointColumn(type)
        points.times = presentTimes(times, body.extracting(bitmap), count: statistics.count)
        guard points.times.count == statistics.count else {
            throw CodecError("a bitmap that does not have \(statistics.count) of \(rows) rows")
        }
        try check(points.times.span, statistics)
        let valuesRange = try reader.take(reader.remaining)
        points.values = try ValueCodec.decode(type, encoding, body.extracting(valuesRange), count: statistics.count)
        return points
    }

    /// The times of the rows whose bit is set, most significant bit first.
    private static func presentTimes(_ times: [Timestamp], _ bitmap: Span<UInt8>, count: Int) -> [Timestamp] {
        var present: [Timestamp] = []
        present.reserveCapacity(min(count, times.count))
        for byte in bitmap.indices where bitmap[byte] != 0 {
            var bits = bitmap[byte]
            while bits != 0 {
                let bit = bits.leadingZeroBitCount
                let row = byte &* 8 &+ bit
                if row < times.count { present.append(times[row]) }
                bits &= ~(0x80 &>> UInt8(truncatingIfNeeded: bit))
            }
        }
        return present
    }
}

extension PointColumn {
    /// Keeps the points of these rows; the bytes of dropped texts stay behind unreferenced.
    mutating func keep(_ rows: Range<Int>) {
        guard rows != 0..<count else { return }
        times = Array(times[rows])
        values.bits = Array(values.bits[rows])
    }

    /// The rows whose times are in the range; the times rise.
    func rows(in range: TimeRange) -> Range<Int> {
        let start = firstRow { $0 >= range.lower }
        return start..<max(start, firstRow { $0 > range.upper })
    }

    private func firstRow(where isReached: (Timestamp) -> Bool) -> Int {
        var low = 0, high = times.count
        while low < high {
            let middle = (low + high) / 2
            if isReached(times[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    mutating func reverse() {
        times.reverse()
        values.bits.reverse()
    }
}
