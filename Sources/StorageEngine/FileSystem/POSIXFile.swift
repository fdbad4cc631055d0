// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// An open file descriptor. One thread appends; any thread reads.
final class POSIXFile: StorageFile {
    private let descriptor: Int32
    private let name: String
    private let calls: FileCalls
    private let size: Atomic<Int>
    private let isClosed = Atomic(false)

    init(descriptor: Int32, name: String, byteCount: Int, calls: FileCalls) {
        self.descriptor = descriptor
        self.name = name
        self.calls = calls
        size = Atomic(byteCount)
    }

    deinit { close() }

    var byteCount: Int { size.load(ordering: .acquiring) }

    func append(_ bytes: Span<UInt8>) throws(StorageError) {
        try checkOpen()
        var done = 0
        while done < bytes.count {
            let offset = byteCount
            let rest = bytes.extracting(done..<bytes.count)
            let written = unsafe rest.withUnsafeBytes { buffer in
                FileCalls.retrying { unsafe calls.write(descriptor, buffer, offset) }
            }
            guard written > 0 else {
                // A write that takes nothing, though it was given something, would go on for ever.
                throw StorageError(errno: written == 0 ? ENOSPC : Int32(-written), "write", name)
            }
            done += written
            size.wrappingAdd(written, ordering: .releasing)
        }
    }

    func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try checkOpen()
        var failure: StorageError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    start: buffer.baseAddress?.advanced(by: filled), count: count - filled)
                let position = offset + filled
                let got = FileCalls.retrying { unsafe calls.read(descriptor, rest, position) }
                if got > 0 {
                    filled += got
                } else {
                    failure =
                        got == 0
                        ? StorageError(.corrupt, "\(name) ends before offset \(offset + count)")
                        : StorageError(errno: Int32(-got), "read", "\(name) at offset \(position)")
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func sync() throws(StorageError) {
        try checkOpen()
        let result = FileCalls.retrying { calls.syncData(descriptor) }
        guard result == 0 else { throw StorageError(errno: Int32(-result), "sync", name) }
    }

    func syncAndDropCache() throws(StorageError) {
        try sync()
        let result = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        // The number is the result, not errno. A file system without a cache has nothing to drop.
        guard result == 0 || result == EINVAL || result == ENOSYS else {
            throw StorageError(errno: result, "drop the cache of", name)
        }
        // The size may have been only in memory, too.
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw StorageError(errno: errno, "look at", name) }
        size.store(Int(status.st_size), ordering: .releasing)
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        _ = Glibc.close(descriptor)
    }

    private func checkOpen() throws(StorageError) {
        if isClosed.load(ordering: .acquiring) { throw StorageError(.closed, "\(name) is closed") }
    }
}

/// A descriptor with an exclusive `flock`.
final class POSIXLock: StorageLock {
    private let descriptor: Int32
    private let isReleased = Atomic(false)

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { release() }

    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        _ = Glibc.close(descriptor)
    }
}
