// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// DELETE FROM.
struct DeleteStatement: Equatable, Sendable {
    /// Each names series, or a device and so all its series.
    var patterns: [PathText]
    /// Empty = no time meets the conditions.
    var range = TimeRange.all
}

/// DELETE or DROP of schema, with the points below it.
enum DropStatement: Equatable, Sendable {
    case series([PathText])
    case databases([PathText])
}

/// CREATE TIMESERIES and CREATE ALIGNED TIMESERIES.
struct CreateSeriesStatement: Equatable, Sendable {
    struct Series: Equatable, Sendable {
        /// Canonical name.
        var measurement: String
        var type: DataType
        /// Nil = the server's choice.
        var encoding: TsFileEncoding?
        var compressor: TsFileCompressor?
    }

    var device: PathText
    var isAligned = false
    var series: [Series]
}

/// SET TTL, UNSET TTL.
struct TimeToLiveStatement: Equatable, Sendable {
    /// A device, a database, or everything below a path (`….**`).
    var pattern: PathText
    /// Milliseconds; nil = the rule goes.
    var milliseconds: Int64?
}

/// LOAD.
struct LoadStatement: Equatable, Sendable {
    /// A TsFile or a folder on the server's machine.
    var path: String
    /// Whether a series of another type takes what can be converted into its type without loss of meaning.
    var convertsTypes = true
}
