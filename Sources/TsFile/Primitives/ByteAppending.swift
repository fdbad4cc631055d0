// SPDX-License-Identifier: Apache-2.0

/// The primitives of `tsfile.md` section 1, for headers and metadata; the pages' hot loops write through ``BitWriter`` and spans.
extension [UInt8] {
    mutating func appendInt32(_ value: Int32) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func appendInt64(_ value: Int64) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func appendUVar(_ value: UInt32) {
        var rest = value
        while rest > 0x7f {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func appendZVar(_ value: Int32) {
        appendUVar(VarInt.zigzag(value))
    }

    /// A vstr; nil is the null string. Names are far below 2 GiB (``TsFileLimits/nameBytesMax``).
    mutating func appendVString(_ text: String?) {
        guard let text else {
            append(1)
            return
        }
        appendZVar(Int32(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    /// Length in 32 bits, then the bytes: the text of statistics.
    mutating func appendLengthPrefixed(_ text: [UInt8]) {
        appendInt32(Int32(text.count))
        append(contentsOf: text)
    }
}

/// The zigzag mapping of 32-bit integers.
enum VarInt {
    /// The longest var-int of 32 bits.
    static let byteCountMax = 5

    @inline(__always)
    static func zigzag(_ value: Int32) -> UInt32 {
        UInt32(bitPattern: (value &<< 1) ^ (value &>> 31))
    }

    @inline(__always)
    static func unzigzag(_ value: UInt32) -> Int32 {
        Int32(bitPattern: (value &>> 1)) ^ -Int32(bitPattern: value & 1)
    }
}
