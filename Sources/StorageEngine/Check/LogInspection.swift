// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Reads a log segment for a person: record by record, and where it ends and why.
package struct LogInspection {
    /// What the head of the segment says.
    package struct Header: Sendable, Equatable {
        package let number: UInt64
        /// Of its first record.
        package let firstSequence: LogSequence
        /// 0 = none.
        package let previousNumber: UInt64
        /// Where the previous segment ends.
        package let previousEnd: UInt64
    }

    /// A record.
    package struct Record: Sendable, Equatable {
        package let offset: Int
        package let byteCount: Int
        package let sequence: LogSequence
        /// 0 = the first record of a batch.
        package let part: Int
        /// Whether the batch goes on in the next record.
        package let continues: Bool
        package let sections: [LogSection]
        /// What is wrong with its content, though the checksum is right.
        package let problem: String?
    }

    /// Where the records end.
    package struct End: Sendable, Equatable {
        package let offset: Int
        /// Why there is no further record; nil = the file ends.
        package let reason: String?
        /// A valid record of a later commit behind it: what lies between had been safe, and is damaged.
        package let laterRecord: Int?
        /// The last records are a batch whose end is missing.
        package let isBatchUnfinished: Bool
    }

    /// Bytes of the file.
    package let byteCount: Int
    package let header: Header
    /// Set when ``next()`` has returned nil.
    package private(set) var end: End?
    private var reader: SegmentReader
    private var isBatchUnfinished = false

    /// Opens a segment; throws ``StorageError/Code/corrupt`` where the head is none, with the reason.
    package init(_ file: any StorageFile, name: String) throws(StorageError) {
        byteCount = file.byteCount
        guard byteCount >= SegmentHeader.byteCount else {
            throw StorageError(
                .corrupt,
                "\(name) has \(byteCount) bytes, too few for the head of a log segment: an attempt that a crash ended")
        }
        let bytes = try file.read(at: 0, count: SegmentHeader.byteCount)
        let head: SegmentHeader
        do throws(SegmentHeader.DecodingError) {
            head = try SegmentHeader(decoding: bytes.span)
        } catch .unknownVersion(let version) {
            throw StorageError(.incompatible, "\(name) has log format version \(version), made by a newer Apus")
        } catch {
            throw StorageError(
                .corrupt, "\(name) is damaged at offset 0: it does not begin with the head of a log segment")
        }
        header = Header(
            number: head.number, firstSequence: head.firstSequence, previousNumber: head.previousNumber,
            previousEnd: head.previousEnd)
        reader = SegmentReader(file: file, header: head, limit: byteCount)
    }

    /// The next record; nil where they end.
    package mutating func next() throws(StorageError) -> Record? {
        guard end == nil else { return nil }
        let offset = reader.offset
        switch try reader.next() {
        case .success(let head):
            isBatchUnfinished = head.continues
            var sections: [LogSection] = []
            var problem: String?
            do throws(RecordError) {
                sections = try LogSection.sections(of: reader.bytes)
            } catch {
                problem = error.reason
            }
            return Record(
                offset: offset, byteCount: head.length, sequence: head.sequence, part: Int(head.part),
                continues: head.continues, sections: sections, problem: problem)
        case .failure(let reason):
            let later = reason.reason == nil ? nil : try TailScan(reader: reader).recordOfLaterCommit()
            end = End(
                offset: offset, reason: reason.reason, laterRecord: later, isBatchUnfinished: isBatchUnfinished)
            return nil
        }
    }
}
