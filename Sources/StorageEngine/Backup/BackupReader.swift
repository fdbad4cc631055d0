// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// Reads a backup: checks its files, or makes a data folder of them.
package struct BackupReader {
    /// What is wrong with a file of a backup.
    package struct Problem: Sendable, Equatable {
        package let path: String
        package let message: String
    }

    /// What `format-version` holds while a folder is being restored: no server takes it, and a repeated restore goes on.
    private static let unfinishedMark = "restoring\n"

    private let source: any StorageFileSystem
    private let manifest: BackupManifest
    private let advance: (Int) -> Void

    /// Throws if the manifest is of a newer program, or its paths would leave the folder.
    package init(
        source: any StorageFileSystem, manifest: BackupManifest, advance: @escaping (Int) -> Void = { _ in }
    ) throws(StorageError) {
        self.source = source
        self.manifest = manifest
        self.advance = advance
        guard manifest.format <= BackupManifest.formatVersion, manifest.layout <= DataFolder.formatVersion else {
            throw StorageError(
                .incompatible, "the backup \(source.displayName(of: "")) was made by a newer Apus (\(manifest.apus))")
        }
        for file in manifest.files where !Self.isInside(file.path) || !Self.isInside(file.stored) {
            throw StorageError(.corrupt, "the backup's manifest names the file \(file.path), which cannot be")
        }
        guard manifest.files.contains(where: { $0.path == FolderCheck.catalogName }) else {
            throw StorageError(.corrupt, "the backup's manifest names no catalog")
        }
    }

    /// Only names that a backup can have: nothing from a manifest leads out of the folder.
    private static func isInside(_ path: String) -> Bool {
        let nodes = path.split(separator: "/", omittingEmptySubsequences: false)
        guard nodes.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }) else { return false }
        return nodes.count == 1 ? path.hasSuffix(".sqlite") : nodes[0] == FileName.folder
    }

    /// Compares every file with the manifest; with `isDeep` decodes every page, too. What is wrong, file by file.
    package func verify(isDeep: Bool) -> [Problem] {
        manifest.files.flatMap { file -> [Problem] in
            do throws(StorageError) {
                return try problems(of: file, isDeep: isDeep)
            } catch {
                return [Problem(path: file.stored, message: error.message)]
            }
        }
    }

    private func problems(of entry: BackupManifest.File, isDeep: Bool) throws(StorageError) -> [Problem] {
        let file = try source.openFile(entry.stored)
        defer { file.close() }
        guard file.byteCount == entry.bytes else {
            return [
                Problem(
                    path: entry.stored, message: "it has \(file.byteCount) bytes, and the manifest says \(entry.bytes)")
            ]
        }
        guard HexText.text(try FileDigest.sha256(of: file, advance: advance)) == entry.sha256 else {
            return [Problem(path: entry.stored, message: "its SHA-256 is not the one of the manifest")]
        }
        guard isDeep, entry.path != FolderCheck.catalogName else { return [] }
        return TsFileInspection(file).damages.map {
            Problem(path: entry.stored, message: "\($0.series.isEmpty ? "" : "\($0.series): ")\($0.message)")
        }
    }

    /// Makes a data folder of the backup: empty before, or left by an interrupted restore. Every hash is checked on the way. Throws at the
    /// first file that is damaged; then the folder is none that a server takes.
    package func restore(to target: any StorageFileSystem) throws(StorageError) {
        let folder = BackupFolder(fileSystem: target)
        try target.makeFolder("")
        let lock = try begin(in: target)
        defer { lock.release() }
        try folder.write(Self.unfinishedMark, to: DataFolder.versionName)
        for file in manifest.files { try restore(file, to: folder) }
        try folder.syncFolders(of: manifest.files.map(\.path))
        try beginLog(in: target)
        try folder.write("\(manifest.layout)\n", to: DataFolder.versionName)
    }

    private func begin(in target: any StorageFileSystem) throws(StorageError) -> any StorageLock {
        let names = try target.list("").filter { $0 != DataFolder.lockName }
        if !names.isEmpty, try !isUnfinished(target) {
            throw StorageError(
                .exists, "\(target.displayName(of: "")) is not empty; a backup is restored into a new folder only")
        }
        return try target.lock(DataFolder.lockName)
    }

    private func isUnfinished(_ target: any StorageFileSystem) throws(StorageError) -> Bool {
        let names = [DataFolder.versionName, DataFolder.versionName + BackupFolder.partSuffix]
        for name in names where try target.exists(name) {
            let file = try target.openFile(name)
            defer { file.close() }
            guard name == DataFolder.versionName else { return true }
            guard file.byteCount == Self.unfinishedMark.utf8.count else { return false }
            return try file.read(at: 0, count: file.byteCount) == Array(Self.unfinishedMark.utf8)
        }
        return false
    }

    private func restore(_ entry: BackupManifest.File, to folder: BackupFolder) throws(StorageError) {
        guard let hash = HexText.bytes(Array(entry.sha256.utf8).span), hash.count == 32 else {
            throw StorageError(.corrupt, "the manifest's SHA-256 of \(entry.stored) is none")
        }
        if try folder.fileSystem.exists(entry.path), try folder.fileSystem.byteCount(of: entry.path) == entry.bytes {
            let file = try folder.fileSystem.openFile(entry.path)
            defer { file.close() }
            if try FileDigest.sha256(of: file) == hash { return advance(entry.bytes) }
        }
        // Never linked: a data folder and its backup must not share their fate.
        _ = try folder.take(entry.path, from: source, at: entry.stored, hash: hash, links: false, advance: advance)
    }

    /// A segment without records, so that a start does not take the log for lost.
    private func beginLog(in target: any StorageFileSystem) throws(StorageError) {
        try target.makeFolder(SegmentName.folder)
        let path = SegmentName.path(1)
        if try target.exists(path) { try target.remove(path) }
        guard manifest.sequence < 1 << 61 else { throw StorageError(.corrupt, "the manifest's sequence cannot be") }
        let header = SegmentHeader(
            number: 1, firstSequence: manifest.sequence + 1, previousNumber: 0, previousEnd: 0,
            tag: SegmentTag(random: UInt64.random(in: 0 ... .max)))
        let file = try target.createFile(path)
        defer { file.close() }
        try file.append(header.encoded().bytes)
        try file.sync()
        try target.syncFolder(SegmentName.folder)
    }
}
