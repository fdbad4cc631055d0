// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing

@testable import StorageEngine

@Suite struct QuarantineTests {
    @Test func aDamagedFileIsSetAsideAndTheRestIsServed() throws {
        let folder = try CheckedFolder()
        let file = try folder.file
        var bytes = folder.disk.content(of: file) ?? []
        bytes[bytes.count / 3] ^= 1
        folder.disk.overwrite(file, with: bytes)
        let report = try folder.check()
        let records = try folder.catalog.load().files.filter { report.badFiles.contains($0.version) }
        let moves = try Quarantine(fileSystem: folder.disk).setAside(records, catalog: folder.catalog)
        let target = try #require(moves.first?.target)
        #expect(moves.map(\.path) == [file])
        #expect(folder.disk.content(of: target) == bytes)
        #expect(try folder.catalog.load().files == [])
        #expect(try folder.check().isGood)
        let engine = try openEngine(folder.disk, folder.catalog)
        #expect(try pointCount(engine) == 20)
        try engine.close()
        #expect(folder.disk.content(of: target) == bytes)
    }

    @Test func aMissingFileIsTakenOutOfTheCatalog() throws {
        let folder = try CheckedFolder()
        try folder.disk.remove(try folder.file)
        let records = try folder.catalog.load().files
        let moves = try Quarantine(fileSystem: folder.disk).setAside(records, catalog: folder.catalog)
        #expect(moves.map(\.target) == [nil])
        #expect(try folder.check().isGood)
    }
}
