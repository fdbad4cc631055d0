// SPDX-License-Identifier: Apache-2.0

/// Reads bytes of a page front to back; whatever runs past the end throws.
struct ByteReader: ~Escapable {
    let bytes: Span<UInt8>
    private(set) var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { self.bytes = bytes }

    var remaining: Int { bytes.count - offset }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func uvar() throws(CodecError) -> UInt32 {
        var result: UInt32 = 0
        var shift: UInt32 = 0
        while offset < bytes.count {
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
