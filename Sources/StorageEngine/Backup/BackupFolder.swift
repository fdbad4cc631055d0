// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc
import TimeSeriesModel

/// A folder that a backup is written into, or files are restored into: whole files only, whatever interrupts it.
struct BackupFolder {
    /// Added to the name of a file that is not whole yet.
    static let partSuffix = ".part"

    let fileSystem: any StorageFileSystem

    /// Has `path` in the folder with the content of `source`, which is a file of another folder; returns its hash. Hard-linked where that is
    /// wanted and possible, else copied and synced. The name is durable after ``syncFolders(of:)``.
    ///
    /// `hash`: what the content should have, empty = not known; a copy with another one throws
    /// ``StorageError/Code/corrupt`` and leaves nothing.
    func take(
        _ path: String, from source: any StorageFileSystem, at sourcePath: String, hash: [UInt8], links: Bool,
        advance: (Int) -> Void
    ) throws(StorageError) -> [UInt8] {
        try fileSystem.makeFolder(Self.folder(of: path))
        if try fileSystem.exists(path) { try fileSystem.remove(path) }
        if links, !hash.isEmpty, link(path, from: source, at: sourcePath) {
            advance(try fileSystem.byteCount(of: path))
            return hash
        }
        let file = try source.openFile(sourcePath)
        defer { file.close() }
        let part = path + Self.partSuffix
        if try fileSystem.exists(part) { try fileSystem.remove(part) }
        let copy = try fileSystem.createFile(part)
        defer { copy.close() }
        let found = try Self.copy(file, to: copy, advance: advance)
        guard hash.isEmpty || found == hash else {
            try? fileSystem.remove(part)
            throw StorageError(
                .corrupt, "\(source.displayName(of: sourcePath)) is damaged: its SHA-256 is not the recorded one")
        }
        try copy.sync()
        try fileSystem.rename(part, to: path)
        return found
    }

    /// Writes a small file whole: another name, sync, rename, sync of the folder.
    func write(_ text: String, to path: String) throws(StorageError) {
        let part = path + Self.partSuffix
        if try fileSystem.exists(part) { try fileSystem.remove(part) }
        let file = try fileSystem.createFile(part)
        defer { file.close() }
        try file.append(Array(text.utf8).span)
        try file.sync()
        try fileSystem.rename(part, to: path)
        try fileSystem.syncFolder(Self.folder(of: path))
    }

    /// Makes the names of files durable.
    func syncFolders(of paths: some Sequence<String>) throws(StorageError) {
        for folder in Set(paths.map(Self.folder(of:))).sorted() { try fileSystem.syncFolder(folder) }
    }

    private static func copy(
        _ file: any StorageFile, to copy: any StorageFile, advance: (Int) -> Void
    ) throws(StorageError) -> [UInt8] {
        var hash = SHA256()
        var offset = 0
        while offset < file.byteCount {
            let piece = try file.read(at: offset, count: min(FileDigest.pieceBytes, file.byteCount - offset))
            unsafe piece.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            try copy.append(piece.span)
            offset += piece.count
            advance(piece.count)
        }
        return Array(hash.finalize())
    }

    /// False where it is not possible: another file system, or one without hard links.
    private func link(_ path: String, from source: any StorageFileSystem, at sourcePath: String) -> Bool {
        guard let target = fileSystem as? POSIXFileSystem, let source = source as? POSIXFileSystem else { return false }
        return unsafe Glibc.link(source.displayName(of: sourcePath), target.displayName(of: path)) == 0
    }

    static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }
}

/// The lines of a `SHA256SUMS`: hash by path.
struct BackupSums {
    /// Bytes of the file that are read at most.
    static let bytesMax = 256 << 20

    private var hashes: [String: [UInt8]] = [:]

    /// Empty where there is no such file, or one that makes no sense: it only saves work.
    init(_ fileSystem: any StorageFileSystem) {
        guard let file = try? fileSystem.openFile(BackupManifest.sumsName) else { return }
        defer { file.close() }
        guard file.byteCount <= Self.bytesMax, let bytes = try? file.read(at: 0, count: file.byteCount) else { return }
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > 66 {
            guard let hash = HexText.bytes(Array(line.prefix(64)).span) else { continue }
            hashes[String(decoding: line.dropFirst(66), as: UTF8.self)] = hash
        }
    }

    /// The hash of a whole file of the backup; nil if it is not listed.
    func hash(of path: String) -> [UInt8]? { hashes[path] }
}
