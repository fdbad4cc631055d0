// SPDX-License-Identifier: Apache-2.0

/// Bytes of log records in the making. Keeps memory that is initialised once and then only overwritten, so that a warm
/// buffer costs neither allocation nor clearing. Little-endian.
struct RecordBuffer: Sendable {
    private var storage: [UInt8] = []
    /// Bytes in use.
    private(set) var count = 0

    var capacity: Int { storage.count }

    /// The bytes in use.
    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(0..<count) }
    }

    /// Forgets the content, keeps the memory.
    mutating func removeAll() { count = 0 }

    /// Takes `byteCount` more bytes into use, with undefined content; returns where they begin.
    mutating func extend(by byteCount: Int) -> Int {
        let start = count
        count += byteCount
        if count > storage.count { enlarge() }
        return start
    }

    @inline(never)
    private mutating func enlarge() {
        let capacity = max(count, storage.count * 2, 1_024)
        unsafe storage = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            let larger = UnsafeMutableRawBufferPointer(buffer)
            let old = storage.count
            unsafe storage.withUnsafeBytes { unsafe larger.copyMemory(from: $0) }
            unsafe UnsafeMutableRawBufferPointer(rebasing: larger[old...]).initializeMemory(
                as: UInt8.self, repeating: 0)
            initialized = capacity
        }
    }

    @inline(__always)
    mutating func store<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer, at offset: Int) {
        precondition(offset >= 0 && offset + MemoryLayout<Integer>.size <= count, "a store beyond the record")
        var span = storage.mutableSpan
        var bytes = unsafe span.mutableBytes
        bytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
    }

    /// Copies `source` to `offset`; returns the offset after it.
    mutating func store(_ source: Span<UInt8>, at offset: Int) -> Int {
        unsafe storeRaw(source.bytes, at: offset)
    }

    mutating func store(_ source: Span<UInt64>, at offset: Int) -> Int {
        unsafe storeRaw(source.bytes, at: offset)
    }

    mutating func store(_ source: Span<Int64>, at offset: Int) -> Int {
        unsafe storeRaw(source.bytes, at: offset)
    }

    /// The memory of integers as it is: every platform that we build for is little-endian.
    private mutating func storeRaw(_ source: RawSpan, at offset: Int) -> Int {
        let byteCount = source.byteCount
        precondition(offset >= 0 && offset + byteCount <= count, "a store beyond the record")
        unsafe storage.withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe to.advanced(by: offset).copyMemory(from: from, byteCount: byteCount)
            }
        }
        return offset + byteCount
    }

    /// The low 4 bytes of each slot.
    mutating func storeLow32(_ source: Span<UInt64>, at offset: Int) -> Int {
        let end = offset + source.count * 4
        precondition(offset >= 0 && end <= count, "a store beyond the record")
        var span = storage.mutableSpan
        var bytes = unsafe span.mutableBytes
        for index in source.indices {
            bytes.storeBytes(
                of: UInt32(truncatingIfNeeded: source[index]).littleEndian, toByteOffset: offset &+ index &* 4,
                as: UInt32.self)
        }
        return end
    }

    /// The low byte of each slot.
    mutating func storeLow8(_ source: Span<UInt64>, at offset: Int) -> Int {
        let end = offset + source.count
        precondition(offset >= 0 && end <= count, "a store beyond the record")
        var span = storage.mutableSpan
        for index in source.indices { span[offset &+ index] = UInt8(truncatingIfNeeded: source[index]) }
        return end
    }
}
