// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// What can be wrong with a catalog beside what SQLite reports.
enum CatalogFault: Error {
    case cannotCreate(reason: String)
    case cannotSync(reason: String)
    case noWriteAheadLog
    case foreignFile
    /// A call after ``SQLiteCatalog/close()``.
    case closed
    case tooNew(version: Int)
    /// A cell that no version of this code has written.
    case badCell(table: String, column: String)
}

extension CatalogError {
    /// Names the file, the cause and what to do about it.
    init(_ error: any Error, path: String) {
        switch error {
        case let known as CatalogError: self = known
        case let fault as CatalogFault: self.init(fault, path: path)
        case let sqlite as DatabaseError: self.init(sqlite, path: path)
        default: self.init(isTemporary: false, message: "\(path): \(error)")
        }
    }

    private init(_ fault: CatalogFault, path: String) {
        switch fault {
        case .cannotCreate(let reason):
            self.init(
                isTemporary: true,
                message: "\(path): cannot create the file (\(reason)); check that the folder exists and is writable")
        case .cannotSync(let reason):
            self.init(isTemporary: true, message: "\(path): cannot be synced (\(reason)); check the disk")
        case .noWriteAheadLog:
            self.init(
                isTemporary: false,
                message: "\(path): this file system does not support SQLite's write-ahead log; use a local disk")
        case .foreignFile:
            self.init(
                isTemporary: false,
                message: "\(path): an SQLite file, but not a catalog of Apus; check data_dir or move the file away")
        case .closed:
            self.init(isTemporary: false, message: "\(path): the catalog is closed; this is a bug, report it")
        case .tooNew(let version):
            self.init(
                isTemporary: false,
                message: "\(path): written by a newer Apus (catalog version \(version), this program knows "
                    + "\(CatalogSchema.version)); start that version")
        case .badCell(let table, let column):
            self.init(
                isTemporary: false,
                message: "\(path): damaged (table \(table), column \(column)); restore the data folder from a backup")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let cause = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(
                isTemporary: false, message: "\(path): damaged (\(cause)); restore the data folder from a backup")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(isTemporary: true, message: "\(path): in use by another process (\(cause)); stop that one first")
        case .SQLITE_FULL:
            self.init(isTemporary: true, message: "\(path): the disk is full (\(cause)); free some space")
        case .SQLITE_IOERR:
            self.init(isTemporary: true, message: "\(path): input/output error (\(cause)); check the disk")
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                isTemporary: true,
                message: "\(path): cannot be opened for writing (\(cause)); check owner, mode and file system")
        default:
            self.init(isTemporary: false, message: "\(path): \(cause); this is a bug, report it")
        }
    }
}
