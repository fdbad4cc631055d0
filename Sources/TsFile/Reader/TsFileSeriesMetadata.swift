// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// What the index of a file says about a series.
package struct TsFileSeriesMetadata: Sendable, Equatable {
    package let device: TsFileDeviceID
    /// The stored name, quotes included; empty for the time column of an aligned device.
    package let measurement: String
    /// Nil for the time column of an aligned device (VECTOR).
    package let type: DataType?
    /// Whether the series is a column of an aligned device: the device has a time column.
    package let isAligned: Bool
    /// Of the whole series in this file.
    package let statistics: SeriesStatistics
    /// In file order, which is the order of time.
    package let chunks: [TsFileChunkMetadata]
}

/// Where a chunk is and what it holds.
package struct TsFileChunkMetadata: Sendable, Equatable {
    /// Of the chunk's marker byte in the file.
    package let offset: Int
    package let statistics: SeriesStatistics
}

/// What the header of a chunk says.
package struct TsFileChunkHeader: Sendable, Equatable {
    package let measurement: String
    /// Nil for the time column of an aligned device (VECTOR).
    package let type: DataType?
    package let encoding: TsFileEncoding
    package let compressor: TsFileCompressor
    /// Whether it belongs to an aligned device.
    package let isAligned: Bool
    /// Bytes of all pages with their headers.
    package let dataSize: Int
    /// Whether pages carry statistics: there are more than one.
    package let hasPageStatistics: Bool
    /// Of the first page header in the file.
    package let dataOffset: Int
}
