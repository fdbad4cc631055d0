// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

extension SQLiteCatalog {
    package func commit(_ transaction: CheckpointTransaction) throws(CatalogError) {
        try write { database in
            try Self.putSchema(transaction, in: database)
            try Self.putFiles(transaction, in: database)
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
            let put = try database.makeStatement(sql: "INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?, ?)")
            for record in transaction.series {
                try put.execute(arguments: [
                    record.id, record.deviceID, record.measurement, record.type, record.encoding, record.compressor,
                ])
            }
        }
    }

    private static func putFiles(_ transaction: CheckpointTransaction, in database: Database) throws {
        if !transaction.removedFiles.isEmpty {
            let remove = try database.makeStatement(sql: "DELETE FROM file WHERE version = ?")
            for version in transaction.removedFiles { try remove.execute(arguments: [Int64(bitPattern: version)]) }
        }
        if !transaction.addedFiles.isEmpty {
            let put = try database.makeStatement(
                sql: """
                    INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (version) DO UPDATE SET
                    database_id = excluded.database_id, time_partition = excluded.time_partition, name = excluded.name,
                    byte_count = excluded.byte_count, point_count = excluded.point_count, min_time = excluded.min_time,
                    max_time = excluded.max_time, creation_time = excluded.creation_time
                    """)
            for file in transaction.addedFiles {
                try put.execute(arguments: [
                    Int64(bitPattern: file.version), file.databaseID, file.partition, file.name,
                    Int64(bitPattern: file.byteCount), Int64(bitPattern: file.pointCount), file.minTime, file.maxTime,
                    file.creationTime,
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
