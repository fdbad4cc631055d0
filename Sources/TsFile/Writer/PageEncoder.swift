// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Builds page bodies of non-aligned series (`tsfile.md` section 3) and keeps its buffer between pages.
struct PageEncoder {
    /// The sizes of a page as its header states them.
    struct Sizes {
        var uncompressed: Int
        var compressed: Int
    }

    private var scratch: [UInt8] = []

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
        if scratch.count < worst { scratch = [UInt8](repeating: 0, count: worst) }

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

        guard end - start <= limits.pageBytesMax else {
            throw TsFileError.limit("a page of \(type.name) values", end - start, "pageBytesMax", limits.pageBytesMax)
        }
        let before = output.count
        Compression.compress(scratch.span.extracting(start..<end), compressor, to: &output)
        return Sizes(uncompressed: end - start, compressed: output.count - before)
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
