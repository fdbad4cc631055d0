// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// How a writer cuts pages and chunks.
package struct TsFileWriterOptions: Sendable {
    /// Points of a page, at most.
    package var pageRowsMax = 10_000
    /// A page closes when its values, unencoded, reach this many bytes; numbers meet ``pageRowsMax`` first, as in the official
    /// writer, whose files are then as large as ours where encoding and compressor agree.
    package var pageBytesMax = 128 << 10
    /// Points of a chunk, at most; more points become more chunks.
    package var chunkPointsMax = 1_000_000
    /// A chunk closes when its pages reach this many bytes: the writer holds a chunk in memory.
    package var chunkBytesMax = 16 << 20
    /// Whether to write version 3, which IoTDB 1.x reads, too, and the PyPI reader does not; devices then come in byte order of
    /// their paths.
    package var isForIoTDB1 = false
    /// What no page or name may exceed, so that readers take the file.
    package var limits = TsFileLimits()

    var version: UInt8 { isForIoTDB1 ? TsFileFormat.oldVersion : TsFileFormat.version }

    /// The defaults.
    package init() {}
}

/// What a finished file holds.
package struct TsFileSummary: Sendable, Equatable {
    package var byteCount: Int
    package var deviceCount: Int
    package var seriesCount: Int
    package var pointCount: Int
    /// The earliest time; `Int64.max` in an empty file.
    package var minTime: Timestamp
    /// The latest time; `Int64.min` in an empty file.
    package var maxTime: Timestamp
}
