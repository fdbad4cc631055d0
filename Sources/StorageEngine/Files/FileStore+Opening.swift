// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import TimeSeriesModel

extension FileStore {
    /// Looks at the files at start: those that the catalog names must be there, others are leftovers of a crash.
    static func open(
        environment: StorageEnvironment, state: CatalogState
    ) throws(StorageError) -> (store: FileStore, files: FileSet) {
        try environment.fileSystem.makeFolder(FileName.folder)
        let found = try findFiles(environment)
        let files = state.files.map { record in
            StoredFile(
                record: record, problem: problem(of: record, environment), fileSystem: environment.fileSystem)
        }
        for case let problem? in files.map(\.problem) {
            environment.logger.error("a data file cannot be used", metadata: ["reason": "\(problem)"])
        }
        let named = Set(state.files.map(\.name))
        let leftovers = found.filter { !named.contains($0) }
        // A catalog that knows no database was lost or is new; then nothing that is whole is removed.
        removeLeftovers(leftovers, isCatalogEmpty: state.databases.isEmpty && state.files.isEmpty, environment)
        // Names that were seen are not given again, whether they are in the catalog or not.
        let names = found.compactMap { FileName(parsing: String($0.split(separator: "/").last ?? "")) }
        let latestTime = (state.files.map(\.creationTime) + names.map(\.time)).max() ?? 0
        let latestVersion = (state.files.map(\.version) + names.map(\.version)).max() ?? 0
        let store = FileStore(environment: environment, latestTime: latestTime, latestVersion: latestVersion)
        return (store, FileSet(files))
    }

    /// Everything that is named like a TsFile, below the folder of TsFiles.
    private static func findFiles(_ environment: StorageEnvironment) throws(StorageError) -> [String] {
        let fileSystem = environment.fileSystem
        var found: [String] = []
        for database in try fileSystem.list(FileName.folder) {
            for partition in folderContent(database, fileSystem) {
                for file in folderContent("\(database)/\(partition)", fileSystem)
                where FileName(parsing: file) != nil {
                    found.append("\(database)/\(partition)/\(file)")
                }
            }
        }
        return found
    }

    /// Empty for what is no folder: the owner of the machine may have put a file there.
    private static func folderContent(_ path: String, _ fileSystem: any StorageFileSystem) -> [String] {
        (try? fileSystem.list("\(FileName.folder)/\(path)")) ?? []
    }

    private static func problem(of record: FileRecord, _ environment: StorageEnvironment) -> StorageError? {
        let path = "\(FileName.folder)/\(record.name)"
        let name = environment.fileSystem.displayName(of: path)
        do throws(StorageError) {
            let byteCount = try environment.fileSystem.byteCount(of: path)
            guard byteCount == record.byteCount else {
                return StorageError(
                    .corrupt, "\(name) has \(byteCount) bytes, but the catalog says \(record.byteCount): it is damaged")
            }
            return nil
        } catch {
            guard error.code == .notFound else { return error }
            return StorageError(.notFound, "\(name) is missing, though the catalog names it")
        }
    }

    private static func removeLeftovers(_ paths: [String], isCatalogEmpty: Bool, _ environment: StorageEnvironment) {
        var folders: Set<String> = []
        for path in paths {
            let file = "\(FileName.folder)/\(path)"
            let name = environment.fileSystem.displayName(of: file)
            if isCatalogEmpty && !path.hasSuffix(FileName.temporarySuffix) {
                environment.logger.warning(
                    "a TsFile is ignored: the catalog is empty and does not name it", metadata: ["file": "\(name)"])
                continue
            }
            do throws(StorageError) {
                try environment.fileSystem.remove(file)
                folders.insert(file.split(separator: "/").dropLast().joined(separator: "/"))
                environment.logger.notice(
                    "removed a leftover of an unfinished flush or compaction, its points are in the log or in other files",
                    metadata: ["file": "\(name)"])
            } catch {
                environment.logger.warning(
                    "cannot remove a leftover of an unfinished flush or compaction",
                    metadata: ["file": "\(name)", "reason": "\(error)"])
            }
        }
        // That a removed leftover may come back after a crash does no harm.
        for folder in folders.sorted() { try? environment.fileSystem.syncFolder(folder) }
    }
}
