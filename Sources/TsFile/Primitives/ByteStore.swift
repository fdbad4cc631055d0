// SPDX-License-Identifier: Apache-2.0

/// Stores of the pages' encoders. The caller has reserved the worst case; a store beyond it stops the program.
extension MutableRawSpan {
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func store(bigEndian value: UInt64, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func store(bigEndian value: UInt32, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Returns the offset after the var-int.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func store(uvar value: UInt32, at offset: Int) -> Int {
        var rest = value
        var position = offset
        while rest > 0x7f {
            storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: position, as: UInt8.self)
            rest &>>= 7
            position &+= 1
        }
        storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: position, as: UInt8.self)
        return position &+ 1
    }

    /// Stores a var-int of 64 bits; returns the offset after it.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func store(long value: UInt64, at offset: Int) -> Int {
        var rest = value
        var position = offset
        while rest > 0x7f {
            storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: position, as: UInt8.self)
            rest &>>= 7
            position &+= 1
        }
        storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: position, as: UInt8.self)
        return position &+ 1
    }

    /// Moves bytes to another place, which may overlap; returns the offset after them there.
    @_lifetime(self: copy self)
    mutating func move(_ range: Range<Int>, to offset: Int) -> Int {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= byteCount && offset >= 0 && offset + range.count <= byteCount,
            "a move within the buffer")
        unsafe withUnsafeMutableBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
        return offset + range.count
    }

    /// Copies bytes; returns the offset after them.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func store(_ bytes: Span<UInt8>, at offset: Int) -> Int {
        let count = bytes.count
        precondition(offset >= 0 && count <= byteCount - offset, "the encoder reserved too little")
        unsafe withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset...]).copyMemory(from: source)
            }
        }
        return offset + count
    }
}
