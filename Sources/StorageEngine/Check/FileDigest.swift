// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The SHA-256 of files, read in pieces.
enum FileDigest {
    /// Bytes that are read at once.
    static let pieceBytes = 1 << 20

    /// The digest of all bytes; `advance` hears of every piece.
    static func sha256(of file: any StorageFile, advance: (Int) -> Void = { _ in }) throws(StorageError) -> [UInt8] {
        var hash = SHA256()
        var offset = 0
        while offset < file.byteCount {
            let piece = try file.read(at: offset, count: min(pieceBytes, file.byteCount - offset))
            unsafe piece.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
            offset += piece.count
            advance(piece.count)
        }
        return Array(hash.finalize())
    }
}
