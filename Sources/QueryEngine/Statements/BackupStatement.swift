// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine

/// BACKUP TO: everything that was acknowledged into a folder on the server's machine (`docs/format/backup.md`).
struct BackupStatement: Equatable, Sendable {
    /// Absolute.
    var folder: String
    /// Another backup, absolute; nil = none.
    var base: String?
}

extension Parser {
    /// After BACKUP.
    mutating func backup() throws(StatementError) -> BackupStatement {
        try expect("TO")
        let folder = try string("a folder in quotes")
        return BackupStatement(folder: folder, base: accept("BASE") ? try string("a folder in quotes") : nil)
    }
}

extension StatementContext {
    /// Blocks until the backup is there. 301 where it lacks files that were damaged or missing already.
    func execute(_ statement: BackupStatement) throws(StatementError) -> StatementResult {
        try require(.maintain)
        for folder in [statement.folder, statement.base ?? "/"] where !folder.hasPrefix("/") {
            throw .semantic("`\(folder.prefix(200))` is no absolute path on the server's machine")
        }
        let request = BackupRequest(
            target: POSIXFileSystem(folder: statement.folder), base: statement.base.map(POSIXFileSystem.init(folder:)),
            program: settings.version)
        let manifest: BackupManifest
        do throws(StorageError) {
            manifest = try service.storage.backup(request)
        } catch {
            throw StatementError(error)
        }
        if let problem = manifest.problem { throw .failed(problem) }
        return .done
    }
}
