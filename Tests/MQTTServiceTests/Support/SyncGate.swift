// SPDX-License-Identifier: Apache-2.0

import Dispatch
import StorageEngine
import StorageTestSupport
import Synchronization

/// Lets a test hold back the syncs of the log.
final class SyncGate: Sendable {
    private struct State {
        var isHeld = false
        var waiting = 0
    }

    private let state = Mutex(State())
    private let semaphore = DispatchSemaphore(value: 0)
    private let arrivals = AsyncStream.makeStream(of: Void.self)

    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let waiting = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        for _ in 0..<waiting { semaphore.signal() }
    }

    /// Waits until the writer stands before the gate; once a sync.
    func waitForSync() async { for await _ in arrivals.stream { return } }

    func pass() {
        let mustWait = state.withLock { state in
            if state.isHeld { state.waiting += 1 }
            return state.isHeld
        }
        guard mustWait else { return }
        arrivals.continuation.yield()
        semaphore.wait()
    }
}

/// A simulated disk whose log files sync only through a ``SyncGate``.
final class GatedDisk: StorageFileSystem {
    let disk: SimulatedDisk
    let gate = SyncGate()

    init(_ disk: SimulatedDisk) { self.disk = disk }

    func createFile(_ path: String) throws(StorageError) -> any StorageFile {
        let file = try disk.createFile(path)
        return path.hasPrefix("wal/") ? GatedFile(file, gate) : file
    }
    func openFile(_ path: String) throws(StorageError) -> any StorageFile { try disk.openFile(path) }
    func exists(_ path: String) throws(StorageError) -> Bool { try disk.exists(path) }
    func byteCount(of path: String) throws(StorageError) -> Int { try disk.byteCount(of: path) }
    func list(_ folder: String) throws(StorageError) -> [String] { try disk.list(folder) }
    func makeFolder(_ path: String) throws(StorageError) { try disk.makeFolder(path) }
    func syncFolder(_ path: String) throws(StorageError) { try disk.syncFolder(path) }
    func rename(_ path: String, to target: String) throws(StorageError) { try disk.rename(path, to: target) }
    func remove(_ path: String) throws(StorageError) { try disk.remove(path) }
    func removeFolder(_ path: String) throws(StorageError) { try disk.removeFolder(path) }
    func lock(_ path: String) throws(StorageError) -> any StorageLock { try disk.lock(path) }
    func displayName(of path: String) -> String { disk.displayName(of: path) }
}

private final class GatedFile: StorageFile {
    private let file: any StorageFile
    private let gate: SyncGate

    init(_ file: any StorageFile, _ gate: SyncGate) {
        self.file = file
        self.gate = gate
    }

    var byteCount: Int { file.byteCount }
    func append(_ bytes: Span<UInt8>) throws(StorageError) { try file.append(bytes) }
    func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] { try file.read(at: offset, count: count) }
    func sync() throws(StorageError) {
        gate.pass()
        try file.sync()
    }
    func syncAndDropCache() throws(StorageError) { try file.syncAndDropCache() }
    func close() { file.close() }
}
