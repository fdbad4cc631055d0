// SPDX-License-Identifier: Apache-2.0

import CPlatform

/// CRC32C (Castagnoli).
enum Checksum {
    static func crc32c(_ bytes: Span<UInt8>, continuing checksum: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe apus_crc32c(checksum, $0.baseAddress, $0.count) }
    }
}

extension Span<UInt8> {
    /// A little-endian integer at any offset; the caller has checked the bounds, beyond them the program stops.
    @inline(__always)
    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Integer.Type) -> Integer {
        precondition(offset >= 0 && offset <= count - MemoryLayout<Integer>.size, "a read beyond the bytes")
        let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Integer.self)
        return Integer(littleEndian: value)
    }
}
