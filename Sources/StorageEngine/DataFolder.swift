// SPDX-License-Identifier: Apache-2.0

/// The claim on a data folder: one owner at a time, and no folder of a newer version (design section 4).
package final class DataFolder: Sendable {
    /// The version of the folder's layout (`docs/format/data-folder.md`).
    static let formatVersion = 1
    /// Its holder owns the folder.
    package static let lockName = "LOCK"
    static let versionName = "format-version"
    private static let versionBytesMax = 64

    private let lock: any StorageLock

    private init(lock: any StorageLock) { self.lock = lock }

    /// Makes the folder if it is missing, locks it and checks its version. Throws ``StorageError/Code/locked`` or
    /// ``StorageError/Code/incompatible``.
    package static func claim(_ fileSystem: any StorageFileSystem) throws(StorageError) -> DataFolder {
        try fileSystem.makeFolder("")
        let folder = DataFolder(lock: try fileSystem.lock(lockName))
        do throws(StorageError) {
            if try fileSystem.exists(versionName) {
                try checkVersion(fileSystem)
            } else {
                try writeVersion(fileSystem)
            }
        } catch {
            folder.release()
            throw error
        }
        return folder
    }

    /// Lets another process have the folder.
    package func release() { lock.release() }

    /// Throws if the folder is not of a version that this program knows.
    static func checkVersion(_ fileSystem: any StorageFileSystem) throws(StorageError) {
        let name = fileSystem.displayName(of: versionName)
        let file = try fileSystem.openFile(versionName)
        defer { file.close() }
        guard file.byteCount <= versionBytesMax else {
            throw StorageError(.incompatible, "\(name) is not a version: is this a data folder of Apus?")
        }
        let text = String(decoding: try file.read(at: 0, count: file.byteCount), as: UTF8.self)
        guard let version = Int(text.split(separator: "\n", maxSplits: 1).first ?? "") else {
            throw StorageError(.incompatible, "\(name) is not a version: is this a data folder of Apus?")
        }
        guard version <= formatVersion else {
            throw StorageError(
                .incompatible,
                "\(fileSystem.displayName(of: "")) has layout version \(version), made by a newer Apus; this one knows "
                    + "versions up to \(formatVersion)")
        }
    }

    private static func writeVersion(_ fileSystem: any StorageFileSystem) throws(StorageError) {
        let temporary = versionName + ".new"
        if try fileSystem.exists(temporary) { try fileSystem.remove(temporary) }
        let file = try fileSystem.createFile(temporary)
        defer { file.close() }
        try file.append(Array("\(formatVersion)\n".utf8).span)
        try file.sync()
        try fileSystem.rename(temporary, to: versionName)
        try fileSystem.syncFolder("")
    }
}
