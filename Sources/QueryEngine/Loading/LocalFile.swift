// SPDX-License-Identifier: Apache-2.0

import Glibc
import TsFile

/// A regular file of the server's machine, outside of the data folder, open for reading.
final class LocalFile: TsFileSource {
    let byteCount: Int
    private let descriptor: Int32
    private let path: String

    /// Opens a file by its path without links. What is no regular file (a device, a pipe, a link) is refused and never waited for.
    init(_ path: String) throws(StatementError) {
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed("\(path) cannot be opened: \(Self.reason(errno))") }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw .failed("\(path) is not a file")
        }
        self.descriptor = descriptor
        self.path = path
        byteCount = Int(status.st_size)
    }

    deinit { Glibc.close(descriptor) }

    func read(at offset: Int, count: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 || errno != EINTR {
                    failure = got == 0 ? ENODATA : errno
                    return
                }
            }
        }
        guard failure == 0 else {
            throw StatementError.failed("\(path) cannot be read at byte \(offset): \(Self.reason(failure))")
        }
        return bytes
    }

    static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
