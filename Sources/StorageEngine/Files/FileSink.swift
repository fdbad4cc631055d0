// SPDX-License-Identifier: Apache-2.0

import Crypto
import TsFile

/// A new file of the storage engine as the TsFile writer wants it; knows the hash of what was written.
struct FileSink: TsFileSink {
    /// Hears how many bytes are about to be written; may wait, or throw to end the work.
    typealias Pace = @Sendable (Int) throws(StorageError) -> Void

    private let file: any StorageFile
    private let pace: Pace?
    private var hash = SHA256()

    init(_ file: any StorageFile, pace: Pace? = nil) {
        self.file = file
        self.pace = pace
    }

    /// SHA-256 of everything written so far.
    var sha256: [UInt8] { Array(hash.finalize()) }

    mutating func write(_ bytes: Span<UInt8>) throws {
        try pace?(bytes.count)
        try file.append(bytes)
        unsafe bytes.withUnsafeBufferPointer { unsafe hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }
}
