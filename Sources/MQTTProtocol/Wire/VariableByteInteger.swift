// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Integers of one to four bytes with seven bits each, lowest first (2.2.3, [5:1.5.5-1]).
package enum VariableByteInteger {
    /// The largest one.
    package static let max = 268_435_455

    /// What the readable bytes of a buffer begin with.
    package enum Prefix: Equatable, Sendable {
        /// An integer and the number of bytes it takes.
        case value(Int, length: Int)
        /// The beginning of one.
        case incomplete
        /// A fourth byte that wants a fifth.
        case tooLong
    }

    /// Looks at the bytes from `index` on without moving the reader.
    package static func prefix(of buffer: ByteBuffer, at index: Int) -> Prefix {
        var value = 0
        for length in 1...4 {
            guard let byte = buffer.getInteger(at: index + length - 1, as: UInt8.self) else { return .incomplete }
            value |= Int(byte & 0x7f) << (7 * (length - 1))
            if byte < 0x80 { return .value(value, length: length) }
        }
        return .tooLong
    }

    /// How many bytes the shortest form of `value` takes; `value` is in 0...``max``.
    package static func length(of value: Int) -> Int {
        switch value {
        case ..<0x80: 1
        case ..<0x4000: 2
        case ..<0x20_0000: 3
        default: 4
        }
    }
}

extension ByteBuffer {
    /// Appends the shortest form of `value`, which is in 0...``VariableByteInteger/max``.
    package mutating func writeVariableByteInteger(_ value: Int) {
        precondition((0...VariableByteInteger.max).contains(value), "a variable byte integer holds 28 bits")
        var rest = value
        repeat {
            let digit = UInt8(rest & 0x7f)
            rest >>= 7
            writeInteger(rest > 0 ? digit | 0x80 : digit)
        } while rest > 0
    }
}
