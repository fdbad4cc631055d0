// SPDX-License-Identifier: Apache-2.0

package import Catalog

/// Moves damaged TsFiles out of the way of a server that does not run.
package struct Quarantine {
    /// What became of a file.
    package struct Move: Sendable, Equatable {
        package let path: String
        /// Where it is now; nil = it was missing.
        package let target: String?
    }

    /// The folder in the data folder.
    package static let folder = "quarantine"

    private let fileSystem: any StorageFileSystem

    package init(fileSystem: any StorageFileSystem) { self.fileSystem = fileSystem }

    /// Moves the files to ``folder``, then takes them out of the catalog. The other way round a start could take them for leftovers and
    /// remove them.
    package func setAside(_ files: [FileRecord], catalog: any StorageCatalog) throws(StorageError) -> [Move] {
        try fileSystem.makeFolder(Self.folder)
        var moves: [Move] = []
        for record in files {
            let path = "\(FileName.folder)/\(record.name)"
            guard try fileSystem.exists(path) else {
                moves.append(Move(path: path, target: nil))
                continue
            }
            // Names are unique over all databases: each has its version in it.
            let target = "\(Self.folder)/\(record.name.split(separator: "/").last ?? "file")"
            try fileSystem.rename(path, to: target)
            try fileSystem.syncFolder(BackupFolder.folder(of: path))
            moves.append(Move(path: path, target: target))
        }
        try fileSystem.syncFolder(Self.folder)
        var transaction = CheckpointTransaction()
        transaction.removedFiles = files.map(\.version)
        do throws(CatalogError) {
            try catalog.commit(transaction)
        } catch {
            throw StorageError(.catalog, error.message)
        }
        return moves
    }
}
