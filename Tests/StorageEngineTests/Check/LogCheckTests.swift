// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct LogCheckTests {
    /// Every byte of a log but those of its last commit: what follows tells that it had been safe.
    @Test func damageInTheLogIsFound() throws {
        let folder = try CheckedFolder()
        let segment = try #require(try folder.segments.last)
        let records = try offsets(of: segment, folder)
        let last = try #require(records.last)
        for offset in stride(from: SegmentHeader.byteCount, to: last, by: 11) {
            let report = try folder.flipping(segment, at: offset) { try folder.check() }
            #expect(report.damaged == [segment], "offset \(offset)")
        }
        for offset in [0, 8, 16, 24, 40, 60] {
            let report = try folder.flipping(segment, at: offset) { try folder.check() }
            #expect(report.damaged.first?.hasPrefix("wal") == true, "offset \(offset)")
        }
    }

    @Test func theLastCommitMayBeUnfinished() throws {
        let folder = try CheckedFolder()
        let segment = try #require(try folder.segments.last)
        let bytes = folder.disk.content(of: segment) ?? []
        folder.disk.overwrite(segment, with: Array(bytes.dropLast(3)))
        let report = try folder.check()
        #expect(report.isGood)
        #expect(report.findings.map(\.severity) == [.note])
    }

    @Test func rowsOfUnknownSeriesAndOfOtherTypesAreDamage() throws {
        var state = CatalogState()
        state.series = [SeriesRecord(id: 5, deviceID: 1, measurement: "s", type: 4, encoding: 0, compressor: 0)]
        let cases: [(id: UInt32, type: DataType, isGood: Bool)] = [
            (5, .double, true), (5, .int64, false), (6, .double, false),
            // Ids that were given and are gone: dropped series.
            (4, .double, true),
        ]
        for (id, type, isGood) in cases {
            var tablet = Tablet()
            tablet.times = [1]
            tablet.addColumn(series: SeriesID(rawValue: id), type: type)
            tablet.columns[0].values.append(type == .double ? .double(1) : .int64(1))
            var batch = WriteBatch()
            batch.append(tablet)
            var known = LogKnowledge(state)
            var failure: RecordError?
            do throws(RecordError) {
                try known.take(batch.buffer.bytes, sequence: 1)
            } catch {
                failure = error
            }
            #expect((failure == nil) == isGood, "\(id) \(type)")
        }
    }

    @Test func aLogThatIsGoneIsDamage() throws {
        let folder = try CheckedFolder()
        for segment in try folder.segments { try folder.disk.remove(segment) }
        #expect(try folder.check().damaged == ["wal"])
        // A new folder has none.
        let new = SimulatedDisk()
        let claim = try DataFolder.claim(new)
        claim.release()
        var check = FolderCheck(fileSystem: new, observer: QuietObserver())
        #expect(try check.run(state: CatalogState(), catalogProblems: []).isGood)
    }

    @Test func aSegmentIsExplainedRecordByRecord() throws {
        let folder = try CheckedFolder()
        let segment = try #require(try folder.segments.last)
        let file = try folder.disk.openFile(segment)
        var log = try LogInspection(file, name: segment)
        var rows = 0, names: [String] = []
        while let record = try log.next() {
            #expect(record.problem == nil)
            for section in record.sections {
                switch section {
                case .rows(let count, let times, let columns, _):
                    rows += count
                    #expect(columns.map(\.type) == [.double])
                    #expect(times.lower >= 300 && times.upper < 320)
                case .other(let kind, let text, _): names.append("\(kind) \(text)")
                }
            }
        }
        #expect(rows == 20)
        #expect(names.contains { $0.hasPrefix("device") && $0.contains("root.sg.d2") })
        #expect(names.contains { $0.hasPrefix("series") && $0.contains("DOUBLE") })
        let end = try #require(log.end)
        #expect(end.reason == nil && end.offset == file.byteCount && end.laterRecord == nil)
    }

    @Test func theEndOfADamagedSegmentIsExplained() throws {
        let folder = try CheckedFolder()
        let segment = try #require(try folder.segments.last)
        let second = try offsets(of: segment, folder)[1]
        try folder.flipping(segment, at: second + 40) {
            let file = try folder.disk.openFile(segment)
            var log = try LogInspection(file, name: segment)
            while try log.next() != nil {}
            let end = try #require(log.end)
            #expect(end.offset == second)
            #expect(end.reason?.contains("checksum") == true)
            #expect(end.laterRecord != nil)
        }
        let head = try folder.disk.openFile("format-version")
        #expect(throws: StorageError.self) { _ = try LogInspection(head, name: "format-version") }
    }

    /// Whatever the bytes are, an inspection ends and does not trap.
    @Test func randomBytesAreNeverTrusted() throws {
        let folder = try CheckedFolder()
        let segment = try #require(try folder.segments.last), file = try folder.file
        var random = SeededGenerator(seed: 5)
        for path in [segment, file] {
            let content = folder.disk.content(of: path) ?? []
            for _ in 0..<150 {
                var bytes = content
                for _ in 0..<(1 + random.below(8)) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
                if random.chance(30) { bytes.removeLast(random.below(bytes.count)) }
                folder.disk.overwrite(path, with: bytes)
                let open = try folder.disk.openFile(path)
                if path == file {
                    _ = TsFileInspection(open, listsPages: true)
                } else if var log = try? LogInspection(open, name: path) {
                    while (try? log.next()) != nil {}
                }
            }
            folder.disk.overwrite(path, with: content)
        }
    }

    /// A TsFile without its end is explained from the front.
    @Test func aFileThatIsCutIsExplainedAsFarAsItGoes() throws {
        let folder = try CheckedFolder()
        let file = try folder.file
        let bytes = folder.disk.content(of: file) ?? []
        let chunk = try #require(TsFileInspection(try folder.disk.openFile(file)).series.first?.chunks.first)
        folder.disk.overwrite(file, with: Array(bytes.dropLast(20)))
        let cut = TsFileInspection(try folder.disk.openFile(file))
        #expect(cut.damages.count == 1 && cut.layout == nil)
        #expect(cut.found.map(\.measurement) == ["s"] && cut.found.map(\.device) == ["root.sg.d1"])
        #expect(cut.foundEnd == chunk.offset + chunk.byteCount)
        folder.disk.overwrite(file, with: Array(bytes.prefix(chunk.offset + chunk.byteCount - 5)))
        let torn = TsFileInspection(try folder.disk.openFile(file))
        #expect(torn.found == [] && torn.foundEnd == 7)
        #expect(torn.damages.count == 2)
    }

    /// Where the records begin.
    private func offsets(of segment: String, _ folder: CheckedFolder) throws -> [Int] {
        var log = try LogInspection(try folder.disk.openFile(segment), name: segment)
        var offsets: [Int] = []
        while let record = try log.next() { offsets.append(record.offset) }
        return offsets
    }
}
