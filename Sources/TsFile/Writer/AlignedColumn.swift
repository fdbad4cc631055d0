// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// A column of an aligned device with its values for some rows: what ``TsFileWriter/writeAlignedChunk(times:columns:)`` takes.
package struct AlignedColumn: Sendable {
    /// The stored name, quotes included.
    package var measurement: String
    package var type: DataType
    package var encoding: TsFileEncoding
    package var compressor: TsFileCompressor
    /// As many values as rows are present, in row order.
    package var values: ValueColumn
    /// Bit i & 63 of word i / 64: row i has a value. Empty = every row has one.
    package var presence: [UInt64]

    package init(
        measurement: String, type: DataType, encoding: TsFileEncoding, compressor: TsFileCompressor,
        values: ValueColumn, presence: [UInt64] = []
    ) {
        self.measurement = measurement
        self.type = type
        self.encoding = encoding
        self.compressor = compressor
        self.values = values
        self.presence = presence
    }
}
