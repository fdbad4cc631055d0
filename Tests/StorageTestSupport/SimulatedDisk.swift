// SPDX-License-Identifier: Apache-2.0

package import StorageEngine
import Synchronization

/// A disk in memory that keeps apart what was synced and what was not, fails on demand, and forgets in a crash what a real
/// one may forget.
package final class SimulatedDisk: StorageFileSystem {
    let state: Mutex<DiskState>

    /// An empty disk of `capacity` bytes.
    package init(seed: UInt64 = 0, capacity: Int = .max) {
        state = Mutex(DiskState(random: SeededGenerator(seed: seed), capacity: capacity))
    }

    // MARK: What a test does to it

    /// The power fails: everything that was not synced is there, gone or torn at random; open files and locks are void.
    package func crash() { state.withLock { $0.crash() } }

    /// The process dies: open files and locks are void, the system keeps what was written.
    package func kill() { state.withLock { $0.restart() } }

    /// Lets the power fail in the middle of one of the next operations: it and all later ones throw until ``crash()``.
    package func cutPower(afterOperations count: Int) { state.withLock { $0.operationsUntilDown = count } }

    /// Whether the power is gone.
    package var isDown: Bool { state.withLock { $0.isDown } }

    /// Lets `percent` of the operations that change something fail with EIO.
    package func failOperations(percent: Int) { state.withLock { $0.failurePercent = percent } }

    /// Lets the next operations of a kind fail.
    package func failNext(_ kind: DiskOperation, count: Int = 1, code: StorageError.Code = .io) {
        state.withLock { $0.failures[kind] = (count, code) }
    }

    /// Bytes that fit on the disk from now on.
    package func setCapacity(_ bytes: Int) { state.withLock { $0.capacity = bytes } }

    /// How many operations of a kind there were.
    package func count(of kind: DiskOperation) -> Int { state.withLock { $0.counts[kind] ?? 0 } }

    /// Files that are open now.
    package var openFiles: Int { state.withLock { $0.openFiles.now } }

    /// The most files that were open at once since ``resetOpenFiles()``.
    package var openFilesMax: Int { state.withLock { $0.openFiles.max } }

    package func resetOpenFiles() { state.withLock { $0.openFiles.max = $0.openFiles.now } }

    func countOpenFile(by change: Int) {
        state.withLock { state in
            state.openFiles.now += change
            state.openFiles.max = max(state.openFiles.max, state.openFiles.now)
        }
    }

    /// The content of a file as a reader sees it now.
    package func content(of path: String) -> [UInt8]? { state.withLock { $0.file(at: path)?.content } }

    /// Replaces the content of a file, durably: damage done by others.
    package func overwrite(_ path: String, with bytes: [UInt8]) {
        state.withLock { $0.overwrite(path, with: bytes) }
    }

    // MARK: StorageFileSystem

    package func displayName(of path: String) -> String { path.isEmpty ? "disk:" : "disk:/" + path }

    package func createFile(_ path: String) throws(StorageError) -> any StorageFile {
        let (inode, epoch) = try state.withLock { state throws(StorageError) in
            try state.begin(.create, path)
            return (try state.create(path), state.epoch)
        }
        return SimulatedFile(disk: self, inode: inode, epoch: epoch, path: path)
    }

    package func openFile(_ path: String) throws(StorageError) -> any StorageFile {
        let (inode, epoch) = try state.withLock { state throws(StorageError) in
            try state.begin(.read, path)
            guard let inode = state.names[path] else { throw state.notFound(path) }
            return (inode, state.epoch)
        }
        return SimulatedFile(disk: self, inode: inode, epoch: epoch, path: path)
    }

    package func exists(_ path: String) throws(StorageError) -> Bool {
        try state.withLock { state throws(StorageError) in
            try state.begin(.read, path)
            return state.names[path] != nil || state.folders.contains(path)
        }
    }

    package func byteCount(of path: String) throws(StorageError) -> Int {
        try state.withLock { state throws(StorageError) in
            try state.begin(.read, path)
            guard let file = state.file(at: path) else { throw state.notFound(path) }
            return file.content.count
        }
    }

    package func list(_ folder: String) throws(StorageError) -> [String] {
        try state.withLock { state throws(StorageError) in
            try state.begin(.read, folder)
            guard state.folders.contains(folder) else { throw state.notFound(folder) }
            return state.list(folder)
        }
    }

    package func makeFolder(_ path: String) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard !state.folders.contains(path) else { return }
            try state.begin(.create, path)
            state.makeFolder(path)
        }
    }

    package func syncFolder(_ path: String) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            try state.begin(.syncFolder, path)
            state.syncFolder(path)
        }
    }

    package func rename(_ path: String, to target: String) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            try state.begin(.rename, path)
            try state.rename(path, to: target)
        }
    }

    package func remove(_ path: String) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            try state.begin(.remove, path)
            try state.remove(path)
        }
    }

    package func removeFolder(_ path: String) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            try state.begin(.remove, path)
            guard state.list(path).isEmpty, state.folders.remove(path) != nil else {
                throw StorageError(.io, "\(path) is missing or not empty")
            }
        }
    }

    package func lock(_ path: String) throws(StorageError) -> any StorageLock {
        let epoch = try state.withLock { state throws(StorageError) in
            try state.begin(.read, path)
            guard state.locks.insert(path).inserted else {
                throw StorageError(.locked, "\(displayName(of: path)) is locked by another process")
            }
            return state.epoch
        }
        return SimulatedLock(disk: self, path: path, epoch: epoch)
    }
}

/// What can be counted and made to fail.
package enum DiskOperation: Hashable, Sendable {
    case create, write, sync, syncFolder, rename, remove, read
    /// A commit of the catalog that lies on the disk.
    case catalogCommit
}
