// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Builds page bodies (`tsfile.md` section 3) and keeps its buffer between pages.
struct PageEncoder {
    /// The sizes of a page as its header states them.
    struct Sizes {
        var uncompressed: Int
        var compressed: Int
    }

    private var scratch: [UInt8] = []

    private mutating func reserve(_ byteCount: Int) {
        if scratch.count < byteCount { scratch = [UInt8](repeating: 0, count: byteCount) }
    }

    /// Appends a part of the buffer, compressed.
    private func append(
        _ range: Range<Int>, _ compressor: TsFileCompressor, limits: TsFileLimits, to output: inout [UInt8]
    ) throws(TsFileError) -> Sizes {
        guard range.count <= limits.pageBytesMax else {
            throw TsFileError.limit("a page", range.count, "pageBytesMax", limits.pageBytesMax)
        }
        let before = output.count
        do {
            try Compression.compress(scratch.span.extracting(range), compressor, to: &output)
        } catch {
            throw TsFileError(.limitExceeded, error.message)
        }
        return Sizes(uncompressed: range.count, compressed: output.count - before)
    }

    /// Encodes the points of `rows`, at least one, and appends the compressed body to `output`.
    mutating func append(
        _ points: borrowing PointColumn, rows: Range<Int>, encoding: TsFileEncoding, compressor: TsFileCompressor,
        limits: TsFileLimits, to output: inout [UInt8]
    ) throws(TsFileError) -> Sizes {
        let type = points.values.type
        let textBytes = Self.textBytes(points.values, rows: rows)
        let timesStart = VarInt.byteCountMax
        let worst =
            timesStart + TwoDifferences.byteCountMax(rows.count)
            + ValueCodec.byteCountMax(type, encoding, count: rows.count, textBytes: textBytes)
        reserve(worst)

        let slots = points.values.bits.span.extracting(rows)
        let text = points.values.bytes.span
        var span = scratch.mutableSpan
        var out = unsafe span.mutableBytes
        let timesEnd = TwoDifferences.encode(
            points.times.span.extracting(rows), wordBits: 64, into: &out, at: timesStart)
        let end = ValueCodec.encode(type, encoding, slots, text: text, into: &out, at: timesEnd)
        // The length of the times is known only now; its var-int goes right before them.
        let length = UInt32(timesEnd - timesStart)
        let start = timesStart - Self.byteCount(uvar: length)
        _ = out.store(uvar: length, at: start)
        return try append(start..<end, compressor, limits: limits, to: &output)
    }

    /// Encodes a page of the time column of an aligned device.
    mutating func append(
        times: Span<Timestamp>, compressor: TsFileCompressor, limits: TsFileLimits, to output: inout [UInt8]
    ) throws(TsFileError) -> Sizes {
        reserve(TwoDifferences.byteCountMax(times.count))
        var span = scratch.mutableSpan
        var out = unsafe span.mutableBytes
        let end = TwoDifferences.encode(times, wordBits: 64, into: &out, at: 0)
        return try append(0..<end, compressor, limits: limits, to: &output)
    }

    /// Encodes a page of a value column of an aligned device: these values, at least one, are those that the rows have.
    mutating func append(
        _ column: borrowing AlignedColumn, values range: Range<Int>, presence: borrowing Presence, rows: Range<Int>,
        limits: TsFileLimits, to output: inout [UInt8]
    ) throws(TsFileError) -> Sizes {
        let textBytes = Self.textBytes(column.values, rows: range)
        reserve(
            4 + (rows.count + 63) / 8 + 8
                + ValueCodec.byteCountMax(column.type, column.encoding, count: range.count, textBytes: textBytes))
        var span = scratch.mutableSpan
        var out = unsafe span.mutableBytes
        out.store(bigEndian: UInt32(rows.count), at: 0)
        let bitmapEnd = presence.store(rows, into: &out, at: 4)
        let end = ValueCodec.encode(
            column.type, column.encoding, column.values.bits.span.extracting(range), text: column.values.bytes.span,
            into: &out, at: bitmapEnd)
        return try append(0..<end, column.compressor, limits: limits, to: &output)
    }

    /// The rows of the next page: up to the row limit, or the row whose value reaches the byte limit.
    static func rows(
        of values: borrowing ValueColumn, from start: Int, rowsMax: Int, bytesMax: Int
    ) -> Range<Int> {
        let width = values.type.wordBits / 8
        guard values.type.isVariableLength else {
            return start..<min(values.count, start + max(1, min(rowsMax, bytesMax / width)))
        }
        var end = start
        var bytes = 0
        repeat {
            bytes += values.range(at: end).count + 1
            end += 1
        } while end < values.count && end - start < rowsMax && bytes < bytesMax
        return start..<end
    }

    private static func textBytes(_ values: borrowing ValueColumn, rows: Range<Int>) -> Int {
        guard values.type.isVariableLength else { return 0 }
        var bytes = 0
        for row in rows { bytes += values.range(at: row).count }
        return bytes
    }

    private static func byteCount(uvar value: UInt32) -> Int {
        max(1, (38 - value.leadingZeroBitCount) / 7)
    }
}
