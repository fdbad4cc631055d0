// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// What files need to know of a series: where its points belong and how they are written.
struct StoredSeries: Sendable {
    var id: SeriesID
    var database: DatabaseID
    /// Canonical path of the database.
    var databasePath: String
    var device: TsFileDeviceID
    var measurement: String
    var type: DataType
    var encoding: TsFileEncoding
    var compressor: TsFileCompressor
    /// Canonical nodes of the device, `root` first: what deletions are matched with.
    var deviceNodes: [String] = []
    /// Whether the device's columns share their times in files.
    var isAligned = false
    /// Whether a statement named the encoding; else files may choose a better one.
    var isEncodingDeclared = false
    /// How long points are kept, in the server's precision; nil = for ever.
    var timeToLive: Int64?
}

/// Finds series by their numbers; the schema does.
typealias SeriesDirectory = @Sendable (SeriesID) -> StoredSeries?
