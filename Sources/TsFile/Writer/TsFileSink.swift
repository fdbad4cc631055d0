// SPDX-License-Identifier: Apache-2.0

/// Where a writer puts the bytes of a file, front to back (a file, an array in tests).
package protocol TsFileSink {
    /// Takes all of the bytes or throws; after an error the file is of no use.
    mutating func write(_ bytes: Span<UInt8>) throws
}
