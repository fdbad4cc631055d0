// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

extension SQLiteCatalog {
    package func commit(_ transaction: CheckpointTransaction) throws(CatalogError) {
        try write { database in
            // First what goes: names that it had may be taken again.
            try Self.remove(transaction, in: database)
            try Self.putSchema(transaction, in: database)
            try Self.putFiles(transaction.addedFiles, in: database)
            try Self.putRules(transaction, in: database)
            try Self.remove(transaction, in: database)
            try Self.changeParticipants(transaction.participantChanges, in: database)
            for (name, value) in transaction.facts {
                try database.execute(sql: "INSERT OR REPLACE INTO fact VALUES (?, ?)", arguments: [name, value])
            }
            if let sequence = transaction.flushedThrough {
                try database.execute(
                    sql: "UPDATE checkpoint SET flushed_through = ?", arguments: [Int64(bitPattern: sequence)])
            }
        }
    }

    private static func remove(_ transaction: CheckpointTransaction, in database: Database) throws {
        try remove(transaction.removedSeries.map(Int64.init), from: "series", "id", in: database)
        try remove(transaction.removedDevices.map(Int64.init), from: "device", "id", in: database)
        try remove(transaction.removedDatabases.map(Int64.init), from: "database", "id", in: database)
        // A file that is replaced by one of the same version is put.
        let put = Set(transaction.addedFiles.map(\.version))
        let removed = transaction.removedFiles.filter { !put.contains($0) }
        try remove(removed.map { Int64(bitPattern: $0) }, from: "file", "version", in: database)
        try remove(transaction.removedTimeToLives, from: "time_to_live", "pattern", in: database)
        guard !transaction.removedDeletions.isEmpty else { return }
        let statement = try database.makeStatement(
            sql: "DELETE FROM deletion WHERE sequence = ? AND pattern = ? AND min_time = ? AND max_time = ?")
        for record in transaction.removedDeletions {
            try statement.execute(arguments: [
                Int64(bitPattern: record.sequence), record.pattern, record.lower, record.upper,
            ])
        }
    }

    private static func remove(
        _ keys: [some DatabaseValueConvertible], from table: String, _ column: String, in database: Database
    ) throws {
        guard !keys.isEmpty else { return }
        let statement = try database.makeStatement(sql: "DELETE FROM \(table) WHERE \(column) = ?")
        for key in keys { try statement.execute(arguments: [key]) }
    }

    private static func putRules(_ transaction: CheckpointTransaction, in database: Database) throws {
        for record in transaction.addedDeletions {
            try database.execute(
                sql: "INSERT OR REPLACE INTO deletion VALUES (?, ?, ?, ?)",
                arguments: [Int64(bitPattern: record.sequence), record.pattern, record.lower, record.upper])
        }
        for record in transaction.timeToLives {
            try database.execute(
                sql: "INSERT OR REPLACE INTO time_to_live VALUES (?, ?)",
                arguments: [record.pattern, record.milliseconds])
        }
    }

    // Definitions are put, not only added: whoever repeats a checkpoint that may or may not have reached the disk
    // repeats the same rows.

    private static func putSchema(_ transaction: CheckpointTransaction, in database: Database) throws {
        if !transaction.databases.isEmpty {
            let put = try database.makeStatement(
                sql: "INSERT INTO database VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET path = excluded.path")
            for record in transaction.databases { try put.execute(arguments: [record.id, record.path]) }
        }
        if !transaction.devices.isEmpty {
            let put = try database.makeStatement(sql: "INSERT OR REPLACE INTO device VALUES (?, ?, ?, ?)")
            for record in transaction.devices {
                try put.execute(arguments: [record.id, record.databaseID, record.path, record.isAligned])
            }
        }
        if !transaction.series.isEmpty {
            let put = try database.makeStatement(sql: "INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?, ?, ?)")
            for record in transaction.series {
                try put.execute(arguments: [
                    record.id, record.deviceID, record.measurement, record.type, record.encoding, record.compressor,
                    (record.isEncodingDeclared ? 1 : 0) + (record.isCompressorDeclared ? 2 : 0),
                ])
            }
        }
    }

    private static func changeParticipants(_ changes: [ParticipantChange], in database: Database) throws {
        guard !changes.isEmpty else { return }
        let put = try database.makeStatement(
            sql: """
                INSERT INTO participant_state VALUES (?, ?, ?)
                ON CONFLICT (participant, key) DO UPDATE SET value = excluded.value
                """)
        let delete = try database.makeStatement(sql: "DELETE FROM participant_state WHERE participant = ? AND key = ?")
        for change in changes {
            if let value = change.value {
                try put.execute(arguments: [change.participant, Data(change.key), Data(value)])
            } else {
                try delete.execute(arguments: [change.participant, Data(change.key)])
            }
        }
    }
}
