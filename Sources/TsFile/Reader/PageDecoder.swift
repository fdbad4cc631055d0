// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Turns the stored body of a page of a non-aligned series into points, and checks them against the page's statistics.
enum PageDecoder {
    static func decode(
        _ stored: [UInt8], _ page: PageLocation, type: DataType, encoding: TsFileEncoding, compressor: TsFileCompressor
    ) throws(TsFileError) -> PointColumn {
        do {
            let body = try Compression.decompress(stored, compressor, byteCount: page.uncompressedSize)
            return try decode(body.span, page.statistics, type: type, encoding: encoding)
        } catch {
            throw TsFileError.corrupt("\(error.message) in the page", at: page.bodyOffset)
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
