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
}

/// Finds series by their numbers; the schema does.
typealias SeriesDirectory = @Sendable (SeriesID) -> StoredSeries?
