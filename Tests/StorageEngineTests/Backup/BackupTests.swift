// SPDX-License-Identifier: Apache-2.0

import Catalog
import Glibc
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct BackupTests {
    @Test func aRestoredBackupHoldsEverythingAcknowledgedBefore() throws {
        let world = try BackupWorld()
        for time in 0..<50 { try world.write("d1", at: Int64(time)) }
        let manifest = try world.backup(to: "backup")
        try world.write("d1", at: 1_000)
        #expect(manifest.omitted == [])
        #expect(manifest.files.count == 2)
        let problems = try BackupReader(source: world.target("backup"), manifest: manifest).verify(isDeep: true)
        #expect(problems == [])
        #expect(try world.restoredTimes(of: manifest, in: "backup", device: "d1") == Array(0..<50))
        // The log is there, and everything fits.
        let restored = world.target("backup-restored")
        var check = FolderCheck(fileSystem: restored, observer: QuietObserver())
        let examination = try CatalogExamination(path: restored.displayName(of: FolderCheck.catalogName))
        #expect(try check.run(state: try examination.copy?.load(), catalogProblems: examination.problems).isGood)
    }

    @Test func filesAreLinkedAndTakenOverFromAnEarlierBackup() throws {
        let world = try BackupWorld()
        try world.write("d1", at: 1)
        let first = try world.backup(to: "backup")
        let file = try #require(first.files.last)
        let inode = try self.inode(world.target("backup"), file.stored)
        #expect(try inode == self.inode(world.target("data"), file.path))
        try world.write("d1", at: 2)
        let second = try world.backup(to: "backup")
        #expect(second.files.count == 3)
        #expect(try self.inode(world.target("backup"), file.stored) == inode)
        // The first one's catalog is gone, and nothing else is left over.
        let catalogs = try world.target("backup").list("").filter { $0.hasSuffix(".sqlite") }
        #expect(catalogs == [second.files[0].stored])
        let third = try world.backup(to: "other", base: "backup")
        #expect(try self.inode(world.target("other"), file.stored) == inode)
        #expect(try world.restoredTimes(of: third, in: "other", device: "d1") == [1, 2])
    }

    @Test func anInterruptedBackupIsCompletedByTheSameCommand() throws {
        let world = try BackupWorld()
        try world.write("d1", at: 1)
        let first = try world.backup(to: "backup")
        let target = world.target("backup"), file = try #require(first.files.last)
        // As kill -9 may leave it: no manifest, a part, a whole file, and a file with other bytes of the same length.
        try target.remove(BackupManifest.fileName)
        try target.remove(BackupManifest.sumsName)
        try target.remove(file.stored)
        let damaged = try target.createFile(file.stored)
        try damaged.append([UInt8](repeating: 7, count: file.bytes).span)
        damaged.close()
        try target.createFile("\(file.stored).part").close()
        let second = try world.backup(to: "backup")
        let problems = try BackupReader(source: target, manifest: second).verify(isDeep: true)
        #expect(problems == [])
        #expect(try world.restoredTimes(of: second, in: "backup", device: "d1") == [1])
    }

    @Test func verifyingFindsEveryDamagedFile() throws {
        let world = try BackupWorld()
        try world.write("d1", at: 1)
        let manifest = try world.backup(to: "backup")
        world.close()
        for file in manifest.files {
            let path = world.target("backup").displayName(of: file.stored)
            try change(path)
            let problems = try BackupReader(source: world.target("backup"), manifest: manifest).verify(isDeep: false)
            #expect(problems.map(\.path) == [file.stored])
            #expect(throws: StorageError.self) {
                try BackupReader(source: world.target("backup"), manifest: manifest).restore(to: world.target("new"))
            }
            try change(path)
        }
        // What a failed restore left is no data folder, and the same command completes it.
        #expect(throws: StorageError.self) { try DataFolder.checkVersion(world.target("new")) }
        try BackupReader(source: world.target("backup"), manifest: manifest).restore(to: world.target("new"))
        try DataFolder.checkVersion(world.target("new"))
    }

    @Test func nothingIsRestoredIntoAFolderThatIsNotEmpty() throws {
        let world = try BackupWorld()
        let manifest = try world.backup(to: "backup")
        #expect(throws: StorageError.self) {
            try BackupReader(source: world.target("backup"), manifest: manifest).restore(to: world.target("data"))
        }
        // And no backup goes into a data folder.
        #expect(throws: StorageError.self) { _ = try world.backup(to: "data") }
    }

    @Test func aManifestThatLeadsOutOfTheFolderIsRefused() throws {
        let world = try BackupWorld()
        let good = try world.backup(to: "backup")
        for path in ["../x.sqlite", "/etc/x.sqlite", "tsfiles/../../x", "tsfiles//x", "wal/1.wal", ""] {
            var manifest = good
            manifest.files.append(.init(path: path, stored: path, bytes: 0, sha256: ""))
            #expect(throws: StorageError.self, "\(path)") {
                _ = try BackupReader(source: world.target("backup"), manifest: manifest)
            }
        }
        var newer = good
        newer.format += 1
        #expect(throws: StorageError.self) { _ = try BackupReader(source: world.target("backup"), manifest: newer) }
    }

    @Test func aDamagedFileDoesNotKeepTheOthersFromBeingBackedUp() throws {
        let world = try BackupWorld()
        try world.write("d1", at: 1)
        try world.engine.flush()
        try world.write("d1", at: 2)
        try world.engine.flush()
        let path = try #require(try world.backup(to: "backup").files.last?.path)
        try world.target("data").remove(path)
        let manifest = try world.backup(to: "other")
        #expect(manifest.omitted.map(\.path) == [path])
        #expect(manifest.problem?.contains(path) == true)
        #expect(manifest.files.count == 2)
    }

    /// A merge applies a deletion that only the log holds: the restored log begins behind everything that its files know, so that a
    /// deletion there hides their points.
    @Test func aRestoredFolderTakesDeletionsOfMergedPoints() throws {
        let world = try BackupWorld()
        for time in 0..<10 { try world.write("d1", at: Int64(time)) }
        try world.engine.flush()
        for time in 5..<20 { try world.write("d1", at: Int64(time)) }
        try world.engine.flush()
        let pattern = try PathPattern(parsing: "root.sg.d1.s")
        try world.engine.delete([(pattern: pattern, range: TimeRange(0, 3))])
        while world.engine.compactor.runOnce() {}
        let manifest = try world.backup(to: "backup")
        #expect(try world.restoredTimes(of: manifest, in: "backup", device: "d1") == Array(4..<20))
        let restored = try BackupWorld.open(world.target("backup-restored"))
        let state = try restored.1.load()
        #expect(state.files.allSatisfy { $0.throughSequence <= state.flushedThrough })
        try restored.0.delete([(pattern: pattern, range: TimeRange(4, 9))])
        let left = try pointCount(restored.0)
        #expect(left == 10)
        try restored.0.close()
        try restored.1.close()
    }

    /// Whatever is written and merged meanwhile: a backup is a prefix of what was acknowledged, and has all from before it began.
    @Test func backupsDuringIngestionAreConsistentPrefixes() throws {
        var settings = StorageSettings()
        settings.memtableBytesMax = 64 * 1024
        let world = try BackupWorld(settings)
        let written = Atomic<Int64>(0), isDone = Atomic(false)
        let engine = world.engine
        let writer = try WorkerThread(name: "test") {
            let completion = WaitingCompletion()
            var time: Int64 = 0
            while !isDone.load(ordering: .acquiring), time < 20_000 {
                guard (try? writeRow(engine, "d1", time, 1, ticket: UInt64(time + 1), completion)) != nil,
                    (try? completion.wait(for: UInt64(time + 1))) != nil
                else { return }
                time += 1
                written.store(time, ordering: .releasing)
            }
        }
        var backups: [(manifest: BackupManifest, name: String, before: Int64)] = []
        for number in 0..<3 {
            let before = written.load(ordering: .acquiring)
            let name = "backup\(number)"
            backups.append((try world.backup(to: name, base: number > 0 ? "backup\(number - 1)" : nil), name, before))
        }
        isDone.store(true, ordering: .releasing)
        writer.join()
        for backup in backups {
            let times = try world.restoredTimes(of: backup.manifest, in: backup.name, device: "d1")
            #expect(times == Array(0..<Int64(times.count)))
            #expect(Int64(times.count) >= backup.before)
        }
    }

    private func inode(_ fileSystem: POSIXFileSystem, _ path: String) throws -> UInt {
        var status = stat()
        #expect(unsafe stat(fileSystem.displayName(of: path), &status) == 0)
        return UInt(status.st_ino)
    }

    /// Turns a bit in the middle of a file over. A copy takes its place: the file may be linked.
    private func change(_ path: String) throws {
        let folder = POSIXFileSystem(folder: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        let name = String(path.split(separator: "/").last ?? "")
        let file = try folder.openFile(name)
        var bytes = try file.read(at: 0, count: file.byteCount)
        file.close()
        bytes[bytes.count / 2] ^= 1
        try folder.remove(name)
        let copy = try folder.createFile(name)
        try copy.append(bytes.span)
        copy.close()
    }
}
