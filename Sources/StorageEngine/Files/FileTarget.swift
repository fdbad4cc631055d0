// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// What a new file is to be.
struct FileTarget: Sendable {
    var database: DatabaseID
    /// Canonical path.
    var databasePath: String
    /// Whose points it gets; rising, at least one.
    var partitions: [Int64]
    /// Everything in it was logged up to here, and deletions up to here have been applied.
    var throughSequence: LogSequence
    var name: FileName
    /// The key of its record.
    var version: UInt64
    /// Who wins at equal times.
    var order: UInt64
}

/// A device of a file in the making: its series in byte order of their names.
struct DeviceGroup: Sendable {
    var device: TsFileDeviceID
    var isAligned: Bool
    var series: [StoredSeries]
}
