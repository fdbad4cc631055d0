// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel

/// What a backup is to be made of, and where.
package struct BackupRequest: Sendable {
    /// Where it goes: a folder of its own, new or with an earlier backup.
    package var target: any StorageFileSystem
    /// Another backup whose files are taken by hard link where they are the same.
    package var base: (any StorageFileSystem)?
    /// The version of this program, for the manifest.
    package var program: String
    /// Hears of bytes done and of all bytes.
    package var progress: @Sendable (_ done: Int, _ total: Int) -> Void

    package init(
        target: any StorageFileSystem, base: (any StorageFileSystem)? = nil, program: String,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) {
        self.target = target
        self.base = base
        self.program = program
        self.progress = progress
    }
}

/// Puts the files of one moment into a backup.
struct BackupWriter {
    let source: any StorageFileSystem
    let request: BackupRequest
    private let folder: BackupFolder
    private let sums: BackupSums
    private let baseSums: BackupSums?
    private(set) var manifest: BackupManifest
    private var done = 0
    private var total = 0

    init(source: any StorageFileSystem, request: BackupRequest, manifest: BackupManifest) {
        self.source = source
        self.request = request
        self.manifest = manifest
        folder = BackupFolder(fileSystem: request.target)
        sums = BackupSums(request.target)
        baseSums = request.base.map(BackupSums.init)
    }

    /// Adds the copy of the catalog, which is in the folder already under a name of its own.
    mutating func add(catalog stored: String) throws(StorageError) {
        let file = try request.target.openFile(stored)
        defer { file.close() }
        try file.sync()
        let hash = try FileDigest.sha256(of: file)
        manifest.files.append(
            .init(
                path: FolderCheck.catalogName, stored: stored, bytes: file.byteCount, sha256: HexText.text(hash)))
    }

    /// Adds the TsFiles. One that is damaged or missing is noted, and the others go on.
    mutating func add(_ files: [StoredFile]) throws(StorageError) {
        total = files.reduce(0) { $0 &+ Int(clamping: $1.record.byteCount) }
        for file in files {
            if let problem = file.problem {
                omit(file, problem)
                continue
            }
            do throws(StorageError) {
                let hash = try hash(adding: file)
                manifest.files.append(
                    .init(
                        path: file.path, stored: file.path, bytes: try request.target.byteCount(of: file.path),
                        sha256: HexText.text(hash)))
            } catch {
                guard error.code == .corrupt || error.code == .notFound else { throw error }
                omit(file, error)
            }
        }
        try folder.syncFolders(of: manifest.files.map(\.stored))
    }

    private mutating func omit(_ file: StoredFile, _ error: StorageError) {
        manifest.omitted.append(.init(path: file.path, reason: error.message))
        advance(Int(clamping: file.record.byteCount))
    }

    private mutating func advance(_ byteCount: Int) {
        done &+= byteCount
        request.progress(done, total)
    }

    /// The hash of the file, which is then in the folder: it was there, or is linked or copied.
    private mutating func hash(adding file: StoredFile) throws(StorageError) -> [UInt8] {
        let record = file.record, path = file.path
        if let known = try hashIfThere(path, record) {
            advance(Int(clamping: record.byteCount))
            return known
        }
        let before = done, total = total, progress = request.progress
        var copied = 0
        let count = { (byteCount: Int) in
            copied += byteCount
            progress(before &+ copied, total)
        }
        defer { advance(Int(clamping: record.byteCount)) }
        if let base = request.base, let hash = baseSums?.hash(of: path), hash == record.sha256,
            (try? base.byteCount(of: path)) == Int(clamping: record.byteCount)
        {
            return try folder.take(path, from: base, at: path, hash: hash, links: true, advance: count)
        }
        return try folder.take(
            path, from: source, at: path, hash: record.sha256, links: true, advance: count)
    }

    /// The hash of what an earlier or an interrupted backup left under this name, if it is the same file.
    private func hashIfThere(_ path: String, _ record: FileRecord) throws(StorageError) -> [UInt8]? {
        guard try request.target.exists(path),
            try request.target.byteCount(of: path) == Int(clamping: record.byteCount)
        else { return nil }
        if let listed = sums.hash(of: path), listed == record.sha256 { return listed }
        // Nobody vouches for it: it is read. Without a hash in the catalog only the source can tell.
        guard !record.sha256.isEmpty else { return nil }
        let file = try request.target.openFile(path)
        defer { file.close() }
        return try FileDigest.sha256(of: file) == record.sha256 ? record.sha256 : nil
    }

    /// Makes the backup one: the manifest appears, whole. Then goes what only an earlier backup needed.
    func finish() throws(StorageError) {
        try folder.write(manifest.json(), to: BackupManifest.fileName)
        try folder.write(manifest.sums(), to: BackupManifest.sumsName)
        removeSuperfluous()
    }

    /// Leftovers are only untidy; a next backup tries again.
    private func removeSuperfluous() {
        let needed = Set(manifest.files.map(\.stored))
        for name in (try? request.target.list("")) ?? [] where Self.isCatalogCopy(name) && !needed.contains(name) {
            try? request.target.remove(name)
        }
        let listing = FolderListing(request.target)
        for path in listing.tsFiles where !needed.contains(path) { try? request.target.remove(path) }
        try? folder.syncFolders(of: listing.tsFiles + [""])
    }

    /// The name of a catalog's copy: another one for each backup, so that the last one stays valid until it is replaced.
    static func catalogName(sequence: LogSequence, created: Int64) -> String {
        "catalog-\(sequence)-\(created).sqlite"
    }

    private static func isCatalogCopy(_ name: String) -> Bool {
        name.hasPrefix("catalog-") && name.contains(".sqlite")
    }
}
