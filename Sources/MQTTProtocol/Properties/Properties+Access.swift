// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension Properties: Sequence {
    /// Walks over the properties in order.
    package struct Iterator: IteratorProtocol {
        private var reader: FieldReader

        init(_ encoded: ByteBuffer) { reader = FieldReader(encoded) }

        /// The next property.
        package mutating func next() -> Property? {
            // The bytes were checked when they came in, so the only end is the end.
            reader.isAtEnd ? nil : try? Property.read(from: &reader)
        }
    }

    /// An iterator at the first property.
    package func makeIterator() -> Iterator { Iterator(encoded) }

    /// The value of a property that comes at most once.
    package func value(of identifier: PropertyIdentifier) -> Property.Value? {
        isEmpty ? nil : first { $0.identifier == identifier }?.value
    }

    /// A byte, two-byte, four-byte or variable-length value as an integer.
    package func integer(_ identifier: PropertyIdentifier) -> Int? {
        switch value(of: identifier) {
        case .byte(let value): Int(value)
        case .uint16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .variable(let value): value
        default: nil
        }
    }

    /// A text value.
    package func text(_ identifier: PropertyIdentifier) -> String? {
        guard case .text(let bytes) = value(of: identifier) else { return nil }
        return bytes.text
    }

    /// The reason string.
    package var reasonString: String? { text(.reasonString) }

    /// The user properties in order.
    package var userProperties: [(name: String, value: String)] {
        compactMap { property in
            guard case .pair(let name, let value) = property.value else { return nil }
            return (name.text, value.text)
        }
    }
}
