// SPDX-License-Identifier: Apache-2.0

/// All file I/O of the engine (design section 3). Paths are relative to the data folder, nodes joined by `/`.
///
/// Nothing is durable before it is synced: contents by ``StorageFile/sync()``, names (create, rename, remove) by
/// ``syncFolder(_:)`` of the folder. All calls block.
package protocol StorageFileSystem: Sendable {
    /// A new, empty file, open for appending and reading; fails if the name is taken.
    func createFile(_ path: String) throws(StorageError) -> any StorageFile
    /// An existing file, open for reading.
    func openFile(_ path: String) throws(StorageError) -> any StorageFile
    /// Whether a file or folder of this name is there.
    func exists(_ path: String) throws(StorageError) -> Bool
    /// Size of a file.
    func byteCount(of path: String) throws(StorageError) -> Int
    /// Names in a folder, sorted; `""` is the data folder itself.
    func list(_ folder: String) throws(StorageError) -> [String]
    /// Makes the folder and those above it, durably; nothing happens if it is there.
    func makeFolder(_ path: String) throws(StorageError)
    func syncFolder(_ path: String) throws(StorageError)
    /// Replaces what has the name `target`.
    func rename(_ path: String, to target: String) throws(StorageError)
    func remove(_ path: String) throws(StorageError)
    /// Removes an empty folder.
    func removeFolder(_ path: String) throws(StorageError)
    /// Takes the exclusive lock on a file, made if missing; held as long as the result lives. Throws
    /// ``StorageError/Code/locked`` if someone else has it.
    func lock(_ path: String) throws(StorageError) -> any StorageLock
    /// Bytes that can still be written; nil = not known.
    func freeByteCount() throws(StorageError) -> Int?
    /// The name of a file as an operator knows it, for messages.
    func displayName(of path: String) -> String
}

/// An open file.
package protocol StorageFile: AnyObject, Sendable {
    /// Size now, appended bytes included.
    var byteCount: Int { get }
    /// Appends all of the bytes; after an error an unknown part of them may be there.
    func append(_ bytes: Span<UInt8>) throws(StorageError)
    /// Exactly `count` bytes from `offset`.
    func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8]
    /// Makes the content durable. After an error nothing may be said about what was appended since the last success:
    /// never write to the file again.
    func sync() throws(StorageError)
    /// Syncs, then drops what the system keeps of the file in memory: reads show what the disk has. After a failed sync the
    /// system may still show what it will never write again, even to the next process.
    func syncAndDropCache() throws(StorageError)
    /// Closes it; later calls fail. Closing twice is harmless.
    func close()
}

/// A held lock; released when let go, and when the process ends.
package protocol StorageLock: AnyObject, Sendable {
    func release()
}

extension StorageFileSystem {
    /// For file systems that do not know.
    package func freeByteCount() throws(StorageError) -> Int? { nil }
}

extension StorageFile {
    /// For file systems without a cache.
    package func syncAndDropCache() throws(StorageError) { try sync() }
}
