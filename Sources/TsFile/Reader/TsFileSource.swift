// SPDX-License-Identifier: Apache-2.0

/// The bytes of a file, read at any position by any thread (a file with `pread`, an array in tests).
package protocol TsFileSource: Sendable {
    /// The size of the file; it does not change.
    var byteCount: Int { get }

    /// Exactly `count` bytes from `offset`; the reader never asks for any beyond ``byteCount``.
    func read(at offset: Int, count: Int) throws -> [UInt8]
}
