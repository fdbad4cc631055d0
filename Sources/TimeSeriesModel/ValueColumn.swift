// SPDX-License-Identifier: Apache-2.0

/// Values of one series, all of one type, without nulls: what memtables, TsFiles, log records and query blocks exchange.
///
/// One 64-bit slot a value, so that every codec works on one array:
/// BOOLEAN 0 or 1; INT32, DATE sign-extended; INT64, TIMESTAMP the bit pattern; FLOAT the 32-bit pattern in the low half;
/// DOUBLE the bit pattern; TEXT, STRING, BLOB `offset << 32 | length` into ``bytes``.
package struct ValueColumn: Sendable, Equatable {
    package var type: DataType
    /// One slot a value, see above.
    package var bits: [UInt64]
    /// The bytes of variable-length values; empty for the others. At most 4 GiB - 1.
    package var bytes: [UInt8]

    /// An empty column.
    package init(_ type: DataType) {
        self.type = type
        bits = []
        bytes = []
    }

    @inlinable
    package var count: Int { bits.count }

    package mutating func reserveCapacity(_ count: Int) { bits.reserveCapacity(count) }

    /// Empties the column for reuse.
    package mutating func removeAll(keepingCapacity: Bool = true) {
        bits.removeAll(keepingCapacity: keepingCapacity)
        bytes.removeAll(keepingCapacity: keepingCapacity)
    }

    /// Appends a variable-length value; the caller keeps ``bytes`` below 4 GiB.
    package mutating func append(bytes value: Span<UInt8>) {
        bits.append(UInt64(bytes.count) << 32 | UInt64(value.count))
        unsafe value.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends a boxed value; the types must agree.
    package mutating func append(_ value: Value) {
        precondition(value.type == type, "a column holds one type")
        switch value {
        case .boolean(let v): bits.append(v ? 1 : 0)
        case .int32(let v), .date(let v): bits.append(UInt64(bitPattern: Int64(v)))
        case .int64(let v), .timestamp(let v): bits.append(UInt64(bitPattern: v))
        case .float(let v): bits.append(UInt64(v.bitPattern))
        case .double(let v): bits.append(v.bitPattern)
        case .text(let v), .string(let v), .blob(let v): append(bytes: v.span)
        }
    }

    /// Appends value `index` of another column of the same type.
    package mutating func append(from other: borrowing ValueColumn, at index: Int) {
        let slot = other.bits[index]
        guard type.isVariableLength else {
            bits.append(slot)
            return
        }
        let start = Int(slot >> 32), length = Int(slot & 0xffff_ffff)
        bits.append(UInt64(bytes.count) << 32 | UInt64(length))
        bytes.append(contentsOf: other.bytes[start..<start + length])
    }

    /// The byte range of variable-length value `index` in ``bytes``.
    @inlinable
    package func range(at index: Int) -> Range<Int> {
        let slot = bits[index]
        let start = Int(slot >> 32)
        return start..<start + Int(slot & 0xffff_ffff)
    }

    /// Value `index`, boxed. Not for hot loops.
    package subscript(index: Int) -> Value {
        let slot = bits[index]
        switch type {
        case .boolean: return .boolean(slot != 0)
        case .int32: return .int32(Int32(truncatingIfNeeded: slot))
        case .date: return .date(Int32(truncatingIfNeeded: slot))
        case .int64: return .int64(Int64(bitPattern: slot))
        case .timestamp: return .timestamp(Int64(bitPattern: slot))
        case .float: return .float(Float(bitPattern: UInt32(truncatingIfNeeded: slot)))
        case .double: return .double(Double(bitPattern: slot))
        case .text: return .text(Array(bytes[range(at: index)]))
        case .string: return .string(Array(bytes[range(at: index)]))
        case .blob: return .blob(Array(bytes[range(at: index)]))
        }
    }
}

/// Points of one series: times and as many values.
package struct PointColumn: Sendable, Equatable {
    package var times: [Int64]
    package var values: ValueColumn

    package init(_ type: DataType) {
        times = []
        values = ValueColumn(type)
    }

    @inlinable
    package var count: Int { times.count }
    @inlinable
    package var isEmpty: Bool { times.isEmpty }
}
