// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// An open file descriptor. One thread appends; any thread reads.
final class POSIXFile: StorageFile {
    private let descriptor: Int32
    private let name: String
    private let size: Atomic<Int>
    private let isClosed = Atomic(false)

    init(descriptor: Int32, name: String, byteCount: Int) {
        self.descriptor = descriptor
        self.name = name
        size = Atomic(byteCount)
    }

    deinit { close() }

    var byteCount: Int { size.load(ordering: .acquiring) }

    func append(_ bytes: Span<UInt8>) throws(StorageError) {
        try checkOpen()
        var done = 0
        while done < bytes.count {
            let offset = off_t(byteCount)
            let rest = bytes.extracting(done..<bytes.count)
            let written = unsafe rest.withUnsafeBytes { buffer in
                unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, offset)
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw StorageError(errno: errno, "write", name)
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
                let got = unsafe pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    failure = StorageError(.corrupt, "\(name) ends before offset \(offset + count)")
                    return
                } else if errno != EINTR {
                    failure = StorageError(errno: errno, "read", name)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func sync() throws(StorageError) {
        try checkOpen()
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw StorageError(errno: errno, "sync", name) }
        }
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
