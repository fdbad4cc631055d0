// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// Why an output or an input cannot be used.
struct FileTrouble: Error {
    var message: String

    init(_ message: String) { self.message = message }

    init(_ action: String, _ path: String, errno number: Int32) {
        message = "cannot \(action) \(path): \(unsafe String(cString: strerror(number)))"
    }
}

/// A file that grows.
final class ExportFile {
    let path: String
    private(set) var byteCount: Int
    private let descriptor: Int32

    /// A new file; it must not exist.
    init(new path: String) throws(FileTrouble) {
        self.path = path
        byteCount = 0
        descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? FileTrouble("\(path) is there already: remove it, or go on with --resume")
                : FileTrouble("create", path, errno: errno)
        }
    }

    /// A file that goes on behind its first `byteCount` bytes; what follows them is cut off.
    init(resuming path: String, at byteCount: Int) throws(FileTrouble) {
        self.path = path
        self.byteCount = byteCount
        descriptor = unsafe open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileTrouble("open", path, errno: errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, Int(status.st_size) >= byteCount else {
            throw FileTrouble("\(path) is shorter than when the export was interrupted: export anew")
        }
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw FileTrouble("cut", path, errno: errno) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(FileTrouble) {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(byteCount))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw FileTrouble("write", path, errno: errno) }
            done += written
            byteCount += written
        }
    }

    func sync() throws(FileTrouble) {
        guard fsync(descriptor) == 0 else { throw FileTrouble("sync", path, errno: errno) }
    }
}
