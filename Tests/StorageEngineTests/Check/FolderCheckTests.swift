// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel
import TsFile

@testable import StorageEngine

@Suite struct FolderCheckTests {
    @Test func aFolderThatIsWholeIsGood() throws {
        let folder = try CheckedFolder()
        let report = try folder.check()
        #expect(report.findings == [])
        #expect(report.files == 1)
        #expect(report.points == 300)
        #expect(report.records >= 20)
        #expect(report.series == 1)
    }

    @Test func aCheckChangesNothing() throws {
        let folder = try CheckedFolder()
        let paths = try folder.segments + [try folder.file, "format-version"]
        let before = paths.map { folder.disk.content(of: $0) }
        _ = try folder.check()
        #expect(paths.map { folder.disk.content(of: $0) } == before)
        #expect(try folder.segments.count == paths.count - 2)
    }

    @Test func theHashFindsEveryChangedByteOfAFile() throws {
        let folder = try CheckedFolder()
        let file = try folder.file
        let size = folder.disk.content(of: file)?.count ?? 0
        for offset in stride(from: 0, to: size, by: 13) {
            let report = try folder.flipping(file, at: offset) { try folder.check() }
            #expect(report.damaged == [file], "offset \(offset)")
            #expect(report.badFiles.count == 1)
        }
    }

    /// Files of version 1 have no hash: then pages, statistics and index have to tell.
    @Test func withoutAHashPagesStatisticsAndIndexAreCompared() throws {
        let folder = try CheckedFolder()
        let file = try folder.file
        let bytes = folder.disk.content(of: file) ?? []
        let end = bytes.count
        let metadataBytes = bytes[end - 10..<end - 6].reduce(0) { $0 << 8 | Int($1) }
        let reader = try folder.disk.openFile(file)
        let inspection = TsFileInspection(reader)
        let layout = try #require(inspection.layout)
        let chunk = try #require(inspection.series.first?.chunks.first)
        let regions = [
            ("magic", 0), ("version", 6), ("page", chunk.offset + chunk.byteCount / 2),
            ("statistics of the series", layout.indexStart + 1 + 1 + 2 + 1 + 1 + 4),
            ("size of the closing block", end - 8), ("closing block", end - 10 - metadataBytes), ("tail", end - 1),
        ]
        for (region, offset) in regions {
            let report = try folder.flipping(file, at: offset) {
                try folder.check { $0.files[0].sha256 = [] }
            }
            #expect(report.damaged == [file], "\(region)")
        }
        #expect(try folder.check { $0.files[0].sha256 = [] }.isGood)
    }

    @Test func aMissingAShortAndAnUnnamedFileAreTold() throws {
        let folder = try CheckedFolder()
        let file = try folder.file
        let bytes = folder.disk.content(of: file) ?? []
        folder.disk.overwrite(file, with: Array(bytes.dropLast()))
        #expect(try folder.check().damaged == [file])
        try folder.disk.remove(file)
        #expect(try folder.check().damaged == [file])
        let report = try folder.check { $0.files = [] }
        #expect(report.isGood)
        let other = try folder.disk.createFile("\(file.dropLast(7))9.tsfile.tmp")
        other.close()
        #expect(try folder.check { $0.files = [] }.findings.map(\.severity) == [.note])
    }

    @Test func whatTheCatalogSaysOfAFileIsCompared() throws {
        let folder = try CheckedFolder()
        let changes: [(String, (inout CatalogState) -> Void)] = [
            ("points", { $0.files[0].pointCount += 1 }), ("first time", { $0.files[0].minTime -= 1 }),
            ("last time", { $0.files[0].maxTime += 1 }),
            ("a chunk over two partitions", { $0.facts["time_partition_interval"] = "100" }),
        ]
        for (name, change) in changes {
            #expect(try folder.check(change).damaged == [try folder.file], "\(name)")
        }
    }

    @Test func rowsOfTheCatalogFitEachOther() throws {
        let folder = try CheckedFolder()
        let changes: [(String, (inout CatalogState) -> Void)] = [
            ("no database", { $0.databases = [] }), ("no device", { $0.devices = [] }),
            ("a type", { $0.series[0].type = 99 }), ("an encoding", { $0.series[0].encoding = 99 }),
            ("a compressor", { $0.series[0].compressor = 99 }),
            ("a series twice", { $0.series.append($0.series[0]) }),
            ("a device twice", { $0.devices.append($0.devices[0]) }),
            (
                "a deletion",
                { $0.deletions = [DeletionRecord(sequence: 1 << 40, pattern: "root.**", lower: 0, upper: 1)] }
            ),
            ("an order", { $0.files[0].order = $0.files[0].version + 1 }),
            ("a name", { $0.files[0].name = "../x/1-1-0-0.tsfile" }),
            ("partitions", { $0.files[0].partitions = [3, 2] }), ("a hash", { $0.files[0].sha256 = [1] }),
        ]
        for (name, change) in changes {
            #expect(try folder.check(change).damaged.contains(FolderCheck.catalogName), "\(name)")
        }
    }

    @Test func aVersionThatIsNoneOrNewerIsDamage() throws {
        let folder = try CheckedFolder()
        for text in ["restoring\n", "999\n", ""] {
            folder.disk.overwrite("format-version", with: Array(text.utf8))
            #expect(try folder.check().damaged == ["format-version"], "\(text)")
        }
    }

    @Test func whatSQLiteSaysIsDamageAndFilesAreStillRead() throws {
        let folder = try CheckedFolder()
        var check = FolderCheck(fileSystem: folder.disk, observer: QuietObserver())
        let report = try check.run(state: nil, catalogProblems: ["page 3 is never used"])
        #expect(report.damaged == [FolderCheck.catalogName])
        #expect(report.points == 300)
    }
}
