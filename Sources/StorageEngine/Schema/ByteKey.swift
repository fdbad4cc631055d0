// SPDX-License-Identifier: Apache-2.0

/// A name as a key of tables: equal only if the bytes are. `String` takes texts for equal that only look alike (canonical
/// equivalence), and they are different series.
struct ByteKey: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        var text = text
        text.makeContiguousUTF8()
        self.text = text
    }

    static func == (left: Self, right: Self) -> Bool { left.text.hasSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) {
        let isDone =
            unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
                unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
                return true
            } ?? false
        if !isDone { for byte in text.utf8 { hasher.combine(byte) } }
    }
}

extension String {
    /// Whether both have the same bytes.
    func hasSameBytes(as other: String) -> Bool {
        let isSame = unsafe utf8.withContiguousStorageIfAvailable { left in
            unsafe other.utf8.withContiguousStorageIfAvailable { right in
                unsafe left.count == right.count && left.elementsEqual(right)
            } ?? nil
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
