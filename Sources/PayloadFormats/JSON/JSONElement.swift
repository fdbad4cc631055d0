// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The keys that mean something in an element.
struct JSONKeys: OptionSet {
    let rawValue: UInt8

    static let device = JSONKeys(rawValue: 1)
    static let timestamp = JSONKeys(rawValue: 2)
    static let timestamps = JSONKeys(rawValue: 4)
    static let measurements = JSONKeys(rawValue: 8)
    static let values = JSONKeys(rawValue: 16)
    static let datatypes = JSONKeys(rawValue: 32)
    static let isAligned = JSONKeys(rawValue: 64)

    static var names: [(StaticString, JSONKeys)] {
        [
            ("device", .device), ("timestamp", .timestamp), ("timestamps", .timestamps),
            ("measurements", .measurements),
            ("values", .values), ("datatypes", .datatypes), ("isAligned", .isAligned),
        ]
    }
}

/// What was read of one element so far: where its pieces are in ``IncomingRows``, and what is wrong with each.
///
/// Names, times, types and cells are appended to the rows while they are read; a repeated key first takes back what its
/// predecessor appended, and a refused element takes back everything.
struct JSONElement: ~Copyable {
    /// Index in the list; -1 = the payload is this object.
    var number = -1
    /// Of its opening brace.
    var offset = 0
    var seen: JSONKeys = []

    var firstMeasurement = 0
    var firstType = 0
    var firstTime = 0
    var firstCell = 0

    var device: TextRange?
    var deviceDefect: JSONDefect?
    var timestamp: Int64 = 0
    var timestampDefect: JSONDefect?
    /// `timestamp` had a fraction that was cut.
    var timestampWasCut = false
    var timestampsDefect: JSONDefect?
    /// Entries of `timestamps` that are no times, in order; nearly always empty.
    var timeDefects: [(row: Int, defect: JSONDefect)] = []
    /// Entries of `timestamps` whose fraction was cut.
    var cutTimes = 0
    var measurementsDefect: JSONDefect?
    var typesDefect: JSONDefect?
    /// `datatypes` is there and not null.
    var hasTypes = false
    var alignmentDefect: JSONDefect?
    var isAligned: Bool?
    var valuesDefect: JSONDefect?
    var values = JSONValues()

    init() {}

    init(number: Int, offset: Int, _ rows: borrowing IncomingRows) {
        self.number = number
        self.offset = offset
        firstMeasurement = rows.measurements.count
        firstType = rows.declaredTypes.count
        firstTime = rows.times.count
        firstCell = rows.cells.count
    }

    var place: Range<Int> { offset..<offset }
}

/// How the entries of `values` lie in ``IncomingRows/cells``.
struct JSONValues: ~Copyable {
    enum Shape {
        case empty
        /// Only scalars: one row.
        case flat
        /// Only arrays of scalars, all as long as the first.
        case regularRows
        /// Anything else: see ``entries``.
        case irregular
    }

    /// One entry of irregular values.
    struct Entry {
        var firstCell: Int
        var width: Int
        /// Why it cannot be a row.
        var defect: JSONDefect?
    }

    var shape = Shape.empty
    /// Entries of the outer array.
    var count = 0
    /// Entries of each inner array, while they are regular.
    var width = 0
    /// One an entry, only where the shape is irregular.
    var entries: [Entry] = []
    /// The first entry that is an array or object.
    var firstContainer: JSONDefect?
}
