// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the content of a record whose checksum is right.
struct RecordError: Error, Equatable {
    var reason: String
}

/// Walks over the sections of a record.
struct SectionCursor: ~Escapable {
    private let record: Span<UInt8>
    private var offset = RecordFormat.headerByteCount
    private(set) var kind = SectionKind.tablet
    /// The participant, where the section is one's.
    private(set) var detail: UInt8 = 0
    private var content = 0..<0

    /// `record` is a whole record, head included.
    @_lifetime(copy record)
    init(_ record: Span<UInt8>) { self.record = record }

    /// The bytes of the section that ``next()`` found.
    var bytes: Span<UInt8> {
        @_lifetime(copy self)
        get { record.extracting(content) }
    }

    /// Goes to the next section; false at the end.
    @_lifetime(self: copy self)
    mutating func next() throws(RecordError) -> Bool {
        guard offset < record.count else { return false }
        guard record.count - offset >= RecordFormat.sectionHeaderByteCount else {
            throw RecordError(reason: "a section begins too close to the end")
        }
        guard let kind = SectionKind(rawValue: record[offset]) else {
            throw RecordError(reason: "a section has the unknown kind \(record[offset])")
        }
        let length = Int(record.integer(at: offset + 4, as: UInt32.self))
        let start = offset + RecordFormat.sectionHeaderByteCount
        guard length <= record.count - start else { throw RecordError(reason: "a section is longer than its record") }
        self.kind = kind
        detail = record[offset + 1]
        content = start..<start + length
        offset = start + length
        return true
    }
}
