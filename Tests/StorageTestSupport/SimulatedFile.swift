// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import Synchronization

/// An open file of a ``SimulatedDisk``; void after a crash.
final class SimulatedFile: StorageFile {
    private let disk: SimulatedDisk
    private let inode: Int
    private let epoch: Int
    private let path: String
    private let isClosed = Atomic(false)

    init(disk: SimulatedDisk, inode: Int, epoch: Int, path: String) {
        self.disk = disk
        self.inode = inode
        self.epoch = epoch
        self.path = path
        disk.countOpenFile(by: 1)
    }

    deinit { close() }

    var byteCount: Int { disk.state.withLock { $0.inodes[inode]?.content.count ?? 0 } }

    func append(_ bytes: Span<UInt8>) throws(StorageError) {
        try disk.state.withLock { state throws(StorageError) in
            try checkOpen(state)
            try state.append(bytes, to: inode, path)
        }
    }

    func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try disk.state.withLock { state throws(StorageError) in
            try checkOpen(state)
            try state.begin(.read, path)
            guard let content = state.inodes[inode]?.content, offset >= 0, count >= 0, offset + count <= content.count
            else { throw StorageError(.corrupt, "disk:/\(path) ends before offset \(offset + count)") }
            return Array(content[offset..<offset + count])
        }
    }

    func sync() throws(StorageError) {
        try disk.state.withLock { state throws(StorageError) in
            try checkOpen(state)
            try state.sync(inode, path)
        }
    }

    func syncAndDropCache() throws(StorageError) {
        try sync()
        disk.state.withLock { $0.dropCache(inode) }
    }

    func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { disk.countOpenFile(by: -1) }
    }

    private func checkOpen(_ state: borrowing DiskState) throws(StorageError) {
        if isClosed.load(ordering: .relaxed) { throw StorageError(.closed, "disk:/\(path) is closed") }
        if epoch != state.epoch { throw StorageError(.io, "disk:/\(path) was opened before the crash") }
    }
}

/// A held lock of a ``SimulatedDisk``.
final class SimulatedLock: StorageLock {
    private let disk: SimulatedDisk
    private let path: String
    private let epoch: Int

    init(disk: SimulatedDisk, path: String, epoch: Int) {
        self.disk = disk
        self.path = path
        self.epoch = epoch
    }

    deinit { release() }

    func release() {
        disk.state.withLock { state in
            if state.epoch == epoch { state.locks.remove(path) }
        }
    }
}
