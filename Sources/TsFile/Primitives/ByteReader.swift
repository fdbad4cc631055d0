// SPDX-License-Identifier: Apache-2.0

/// Reads bytes of a page front to back; whatever runs past the end throws.
struct ByteReader: ~Escapable {
    let bytes: Span<UInt8>
    private(set) var offset: Int
    /// Where the part to read ends.
    private let end: Int

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { self.init(bytes, from: 0) }

    /// Reads a part; the offsets are known to lie in `bytes`.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, from offset: Int, to end: Int? = nil) {
        self.bytes = bytes
        self.offset = offset
        self.end = end ?? bytes.count
    }

    var remaining: Int { end - offset }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func uvar() throws(CodecError) -> UInt32 {
        var result: UInt32 = 0
        var shift: UInt32 = 0
        while offset < end {
            let byte = bytes[offset]
            offset &+= 1
            // The fifth byte has room for four bits only, so that nothing is cut off silently.
            if shift == 28 && byte > 0x0f { throw CodecError("a var-int has more than 32 bits") }
            result |= UInt32(byte & 0x7f) &<< shift
            if byte < 0x80 { return result }
            shift &+= 7
        }
        throw CodecError("a var-int runs past the end of the page")
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func zvar() throws(CodecError) -> Int32 { VarInt.unzigzag(try uvar()) }

    /// A var-int of 64 bits.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func long() throws(CodecError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end {
            let byte = bytes[offset]
            offset &+= 1
            if shift == 63 && byte > 1 { throw CodecError("a var-int has more than 64 bits") }
            result |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 { return result }
            shift &+= 7
        }
        throw CodecError("a var-int runs past the end of the page")
    }

    /// Skips `count` bytes and returns their range in ``bytes``.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func take(_ count: Int) throws(CodecError) -> Range<Int> {
        guard count >= 0 && count <= remaining else {
            throw CodecError("a length of \(count) runs past the end of the page, \(remaining) bytes are left")
        }
        let start = offset
        offset += count
        return start..<offset
    }
}
