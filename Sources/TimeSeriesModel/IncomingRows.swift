// SPDX-License-Identifier: Apache-2.0

/// A piece of ``IncomingRows/text``.
package struct TextRange: Sendable, Equatable {
    package var offset: UInt32
    package var length: UInt32

    @inlinable
    package init(offset: Int, length: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
    }

    @inlinable
    package var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
}

/// One value as the client wrote it, before its series is known.
package struct IncomingCell: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        /// No value: the column is skipped for this row.
        case null
        /// `bits` is 0 or 1.
        case boolean
        /// A number literal that is a 64-bit integer: `bits` is its pattern.
        case integer
        /// Any other number literal, NaN and infinities included: `bits` is the double's pattern.
        case decimal
        /// Text: the bytes of `text`, unescaped. Its type is inferred unless the formatter says otherwise.
        case text
        /// Text that stays text: never inferred as a number, boolean, null or blob.
        case literalText
        /// Bytes of a BLOB, already decoded.
        case binary
    }

    package var kind: Kind
    /// The literal as written (numbers, booleans) or the content (text).
    package var text: TextRange
    package var bits: UInt64

    @inlinable
    package init(_ kind: Kind, text: TextRange = TextRange(offset: 0, length: 0), bits: UInt64 = 0) {
        self.kind = kind
        self.text = text
        self.bits = bits
    }
}

/// Rows of one device with one list of measurements: an element of a payload.
package struct IncomingGroup: Sendable, Equatable {
    /// Index of the element in a JSON list or line number; -1 where the payload is a single object.
    package var element: Int
    package var device: TextRange
    /// Into ``IncomingRows/measurements``.
    package var measurements: Range<Int>
    /// Into ``IncomingRows/declaredTypes``, parallel to the measurements; nil = infer.
    package var declaredTypes: Range<Int>?
    /// Into ``IncomingRows/times``. Cells: row-major from `firstCell`, one per row and measurement.
    package var rows: Range<Int>
    package var firstCell: Int
    /// What the payload asks of a new device; nil = nothing said.
    package var isAligned: Bool?

    package init(
        element: Int, device: TextRange, measurements: Range<Int>, declaredTypes: Range<Int>?, rows: Range<Int>,
        firstCell: Int, isAligned: Bool?
    ) {
        self.element = element
        self.device = device
        self.measurements = measurements
        self.declaredTypes = declaredTypes
        self.rows = rows
        self.firstCell = firstCell
        self.isAligned = isAligned
    }
}

/// What a formatter makes of one message: rows that are not typed yet, and problems.
///
/// A value that one event loop keeps and empties for every message, so that nothing is allocated once it is warm.
/// Names and literals are ranges of `text`, a copy of the payload followed by whatever had to be unescaped.
package struct IncomingRows: Sendable {
    package var text: [UInt8] = []
    package var groups: [IncomingGroup] = []
    package var measurements: [TextRange] = []
    package var declaredTypes: [DataType] = []
    package var times: [Int64] = []
    /// Parallel to `times`: the row's index in its element, for reports; -1 where the element is a single row.
    package var rowIndexes: [Int32] = []
    /// Parallel to `times`: true where the payload gave no time and the arrival time is to be used (B15). Empty = nowhere.
    package var usesArrivalTime: [Bool] = []
    package var cells: [IncomingCell] = []
    /// The first problems, up to a limit; ``problemCounts`` has no limit.
    package var problems: [Problem] = []
    /// How many problems there were, by ``ProblemCode``'s raw value; kept by ``report(_:keeping:_:)``.
    package var problemCounts = [Int](repeating: 0, count: ProblemCode.slotCount)
    /// Rows that `problems` refused, for the counters.
    package var refusedRows = 0
    /// How often each ``Oddity`` occurred, by raw value.
    package var oddities = [Int](repeating: 0, count: Oddity.allCases.count)

    package init() {}

    /// Empties everything and keeps the memory.
    package mutating func removeAll() {
        text.removeAll(keepingCapacity: true)
        withdraw()
    }

    /// Whether there is nothing to store and nothing to report.
    package var isEmpty: Bool { groups.isEmpty && problems.isEmpty }

    package mutating func count(_ oddity: Oddity) { oddities[Int(oddity.rawValue)] += 1 }

    /// The bytes of `range` as a string; for messages, not for hot paths.
    package func string(_ range: TextRange) -> String { String(decoding: text[range.range], as: UTF8.self) }
}
