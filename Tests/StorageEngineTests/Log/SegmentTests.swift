// SPDX-License-Identifier: Apache-2.0

import Logging
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// Segments, their headers and tags.
@Suite struct SegmentTests {
    private func header(_ version: UInt32, tag: UInt64) -> [UInt8] {
        var buffer = SegmentHeader(
            number: 5, firstSequence: 6, previousNumber: 4, previousEnd: 700, tag: SegmentTag(random: tag)
        ).encoded()
        buffer.store(version, at: 8)
        if version == 1 { buffer.store(UInt64(0), at: 48) }
        buffer.store(Checksum.crc32c(buffer.bytes.extracting(0..<60)), at: 60)
        return buffer.array
    }

    @Test func headersOfBothVersionsAreReadAndOthersRefused() throws {
        let second = try SegmentHeader(decoding: header(2, tag: 0x0102_0304_0506_0708).span)
        #expect(second.tag == SegmentTag(random: 0x0102_0304_0506_0708))
        #expect(second.tag.field == 0x0102_0304 && second.tag.checksumStart == 0x0506_0708)
        #expect(second.number == 5 && second.firstSequence == 6)
        #expect(second.previousNumber == 4 && second.previousEnd == 700)
        let first = try SegmentHeader(decoding: header(1, tag: 0).span)
        #expect(first.tag.field == 5 && first.tag.checksumStart == 0)
        for version in [0, 3] as [UInt32] {
            let bytes = header(version, tag: 0)
            #expect(throws: SegmentHeader.DecodingError.unknownVersion(version)) {
                try SegmentHeader(decoding: bytes.span)
            }
        }
    }

    /// The content of a segment as version 1 wrote it: the same records, with its tag.
    private func asVersion1(_ content: [UInt8]) throws -> [UInt8] {
        let old = try SegmentHeader(decoding: content.span)
        var buffer = RecordBuffer()
        _ = buffer.store(content.span, at: buffer.extend(by: content.count))
        buffer.store(UInt32(1), at: 8)
        buffer.store(UInt64(0), at: 48)
        buffer.store(Checksum.crc32c(buffer.bytes.extracting(0..<60)), at: 60)
        var offset = SegmentHeader.byteCount
        while offset < content.count {
            let record = RecordHeader(decoding: content.span.extracting(offset..<content.count))
            #expect(record.tag == old.tag.field)
            buffer.stampRecord(
                offset..<offset + record.length, sequence: record.sequence, part: Int(record.part),
                continues: record.continues, tag: SegmentTag(number: old.number), commitStart: Int(record.commitStart))
            offset += record.length
        }
        return buffer.array
    }

    @Test func aLogOfVersion1IsReadAndContinued() throws {
        let world = LogWorld()
        for time in 1...3 { try world.commit([("a", Int64(time), 1)]) }
        world.kill()
        let (path, content) = try world.lastSegment()
        world.disk.overwrite(path, with: try asVersion1(content))
        try world.commit([("a", 4, 1)])
        world.crash()
        for time in 1...4 { #expect(try world.value("a", Int64(time)) == 1) }
        let (old, new) = (try world.content(path), try world.lastSegment().content)
        let headers = (try SegmentHeader(decoding: old.span), try SegmentHeader(decoding: new.span))
        #expect(headers.0.tag.checksumStart == 0 && headers.1.tag.checksumStart != 0)
    }

    @Test func everySegmentHasATagOfItsOwn() throws {
        let world = LogWorld()
        world.settings.segmentBytesMax = 1
        for time in 1...20 { try world.commit([("a", Int64(time), 1)]) }
        let tags = try world.segments().map { path in
            let content = try world.content(path)
            return try SegmentHeader(decoding: content.span).tag.rawValue
        }
        #expect(Set(tags).count == tags.count && tags.count >= 20)
    }

    /// A record whose tag or checksum is another segment's is no record, wherever it lies.
    @Test func recordsOfAnotherSegmentDoNotCount() throws {
        let world = LogWorld()
        world.settings.segmentBytesMax = 1
        try world.commit([("a", 1, 1)])
        try world.commit([("a", 2, 2)])
        world.kill()
        let paths = try world.segments()
        let (first, second) = (try world.content(paths[0]), try world.content(paths[1]))
        // The records of the first, with the sequences that the second needs: as an older use of the disk's blocks could have.
        let old = try SegmentHeader(decoding: first.span)
        var buffer = RecordBuffer()
        _ = buffer.store(second.span, at: buffer.extend(by: second.count))
        let record = RecordHeader(decoding: second.span.extracting(64..<second.count))
        buffer.stampRecord(
            64..<64 + record.length, sequence: record.sequence, part: 0, continues: false, tag: old.tag, commitStart: 64
        )
        for path in paths.dropFirst(2) { try world.disk.remove(path) }
        world.disk.overwrite(paths[1], with: buffer.array)
        #expect(try world.value("a", 1) == 1)
        #expect(try world.value("a", 2) == nil)
    }

    /// What a payload holds cannot pass for a record of a later commit: not even a copy of one, with all that a sender can know.
    @Test func aPayloadCannotForgeARecord() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        world.kill()
        let (path, content) = try world.lastSegment()
        let header = try SegmentHeader(decoding: content.span)
        for (tag, isBelieved) in [(SegmentTag(number: header.number), false), (header.tag, true)] {
            var forged = RecordBuffer()
            _ = forged.extend(by: 40)
            forged.stampRecord(
                0..<40, sequence: 10, part: 0, continues: false, tag: tag, commitStart: content.count + 32)
            // A torn commit: nothing of its head, and the payload with the forgery.
            world.disk.overwrite(path, with: content + [UInt8](repeating: 0, count: 32) + forged.array)
            for segment in try world.segments() where segment != path { try world.disk.remove(segment) }
            if isBelieved {
                #expect(throws: StorageError.self) { try world.engine() }
            } else {
                #expect(try world.value("a", 1) == 1)
            }
            world.kill()
        }
    }

    @Test func forgedLengthsDoNotMakeTheScanOfATailLong() throws {
        let tag = SegmentTag(number: 1)
        var buffer = SegmentHeader(number: 1, firstSequence: 1, previousNumber: 0, previousEnd: 0, tag: tag).encoded()
        let start = buffer.count
        let heads = 4_000
        for index in 0..<heads {
            let offset = buffer.extend(by: 32)
            let rest = (heads - index) * 32
            buffer.store(UInt32(rest), at: offset)
            buffer.store(UInt64(9), at: offset + RecordFormat.sequenceOffset)
            buffer.store(tag.field, at: offset + RecordFormat.tagOffset)
            buffer.store(UInt64(start + 1), at: offset + RecordFormat.commitStartOffset)
        }
        let disk = SimulatedDisk()
        let file = try disk.createFile("a")
        try file.append(buffer.bytes)
        let header = SegmentHeader(number: 1, firstSequence: 1, previousNumber: 0, previousEnd: 0, tag: tag)
        let reader = SegmentReader(file: file, header: header, limit: file.byteCount)
        let before = disk.count(of: .read)
        #expect(try TailScan(reader: reader, checkedBytesMax: 1_000_000).recordOfLaterCommit() == nil)
        // Each stretch is read for its checksum: 125 KiB at first, so a handful of them use the allowance up.
        #expect(disk.count(of: .read) - before < 20)
    }

    @Test func theScanOfATailReadsInPiecesAndFindsARecordAnywhere() throws {
        let tag = SegmentTag(random: 0x1234_5678_9abc_def0)
        for position in [1, 33, 1024 * 1024 - 16, 1024 * 1024 + 5, 2_300_000] {
            var buffer = RecordBuffer()
            let start = SegmentHeader.byteCount
            _ = buffer.extend(by: start + position + 1_200_000)
            buffer.stampRecord(
                start + position..<start + position + 1_100_000, sequence: 3, part: 0, continues: false, tag: tag,
                commitStart: start + 1)
            let disk = SimulatedDisk()
            let file = try disk.createFile("a")
            try file.append(buffer.bytes)
            let header = SegmentHeader(number: 1, firstSequence: 2, previousNumber: 0, previousEnd: 0, tag: tag)
            let reader = SegmentReader(file: file, header: header, limit: file.byteCount)
            #expect(try TailScan(reader: reader).recordOfLaterCommit() == start + position)
        }
    }

    @Test func startingAgainAndAgainLeavesNoChainOfEmptySegments() throws {
        let world = LogWorld()
        try world.commit([("a", 1, 1)])
        for _ in 0..<50 {
            world.kill()
            #expect(try world.value("a", 1) == 1)
        }
        #expect(try world.segments().count == 2)
        // Nothing but empty ones: the last stays.
        #expect(try world.engine().flush())
        for _ in 0..<20 {
            world.crash()
            _ = try world.engine()
        }
        #expect(try world.segments().count <= 2)
        #expect(!world.log.lines.contains { $0.contains("the log is gone") })
    }

    @Test func segmentsAreOpenedOneAtATime() throws {
        let world = LogWorld()
        world.settings.segmentBytesMax = 1
        for time in 1...50 { try world.commit([("a", Int64(time), 1)]) }
        world.kill()
        #expect(try world.segments().count >= 50)
        world.disk.resetOpenFiles()
        #expect(try world.value("a", 50) == 1)
        // The one that is read, and the folder's lock or the segment that is being written.
        #expect(world.disk.openFilesMax <= 3)
    }
}

extension RecordBuffer {
    fileprivate var array: [UInt8] { unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) } }
}
