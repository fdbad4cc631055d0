// SPDX-License-Identifier: Apache-2.0

import Catalog

enum Samples {
    static func file(_ version: UInt64, name: String? = nil) -> FileRecord {
        FileRecord(
            version: version, databaseID: 1, partition: -3, name: name ?? "root.sg/-3/\(version).tsfile",
            byteCount: 1_000, pointCount: 12, minTime: -5, maxTime: 7, creationTime: 1_700_000_000_000)
    }

    /// A checkpoint with something of everything.
    static func checkpoint() -> CheckpointTransaction {
        var transaction = CheckpointTransaction()
        transaction.databases = [DatabaseRecord(id: 1, path: "root.sg")]
        transaction.devices = [DeviceRecord(id: 1, databaseID: 1, path: "root.sg.`d.1`", isAligned: true)]
        transaction.series = [
            SeriesRecord(id: 1, deviceID: 1, measurement: "温度", type: 4, encoding: 8, compressor: 7),
            SeriesRecord(id: 4_294_967_295, deviceID: 1, measurement: "s2", type: 255, encoding: 0, compressor: 0),
        ]
        transaction.addedFiles = [file(2), file(1)]
        transaction.participantChanges = [ParticipantChange(participant: 3, key: [1], value: [2, 3])]
        transaction.flushedThrough = 99
        transaction.facts = ["timestamp_precision": "ms"]
        return transaction
    }

    /// What ``checkpoint()`` leaves in an empty catalog.
    static func state() -> CatalogState {
        let transaction = checkpoint()
        var state = CatalogState()
        state.databases = transaction.databases
        state.devices = transaction.devices
        state.series = transaction.series
        state.files = [file(1), file(2)]
        state.flushedThrough = 99
        state.facts = transaction.facts
        return state
    }
}
