// SPDX-License-Identifier: Apache-2.0

import Glibc

@testable import TsFile

/// The files in `Vectors`.
enum VectorFile {
    struct Missing: Error { let path: String }

    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = #filePath.prefix(through: #filePath.lastIndex(of: "/") ?? #filePath.startIndex)
        let path = folder + "Vectors/" + name
        let descriptor = unsafe open(String(path), O_RDONLY)
        guard descriptor >= 0 else { throw Missing(path: String(path)) }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        var bytes = [UInt8](repeating: 0, count: max(size, 0))
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == size else { throw Missing(path: String(path)) }
        return bytes
    }
}
