// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import TsFile

/// A file in memory that notes what is read of it, and fails the reads that leave it or come too late.
final class WatchedFile: TsFileSource {
    struct Exhausted: Error {}

    let bytes: [UInt8]
    /// Bytes that may be read in all.
    let budget: Int
    private let noted = Mutex<[Range<Int>]>([])

    init(_ bytes: [UInt8], budget: Int = .max) {
        self.bytes = bytes
        self.budget = budget
    }

    var byteCount: Int { bytes.count }

    func read(at offset: Int, count: Int) throws -> [UInt8] {
        precondition(offset >= 0 && count >= 0 && offset + count <= bytes.count, "a read outside the file")
        let total = noted.withLock { noted in
            noted.append(offset..<offset + count)
            return noted.reduce(0) { $0 + $1.count }
        }
        guard total <= budget else { throw Exhausted() }
        return Array(bytes[offset..<offset + count])
    }

    /// What has been read since the last call.
    func takeReads() -> [Range<Int>] {
        noted.withLock { noted in
            defer { noted = [] }
            return noted
        }
    }
}
