// SPDX-License-Identifier: Apache-2.0

import StorageTestSupport
import Testing

@testable import StorageEngine

/// The real disk and the simulated one behave alike.
@Suite struct FileSystemTests {
    private func both(_ body: (any StorageFileSystem) throws -> Void) throws {
        let folder = TemporaryFolder()
        try body(POSIXFileSystem(folder: folder.path))
        try body(SimulatedDisk())
    }

    @Test func filesGrowAndAreReadAnywhere() throws {
        try both { fileSystem in
            let file = try fileSystem.createFile("a")
            try file.append([1, 2, 3].span)
            try file.append([4].span)
            try file.sync()
            try file.syncAndDropCache()
            #expect(file.byteCount == 4)
            #expect(try file.read(at: 1, count: 3) == [2, 3, 4])
            #expect(try file.read(at: 4, count: 0) == [])
            let error = #expect(throws: StorageError.self) { try file.read(at: 2, count: 3) }
            #expect(error?.code == .corrupt)
            file.close()
            file.close()
            #expect(throws: StorageError.self) { try file.append([5].span) }
            #expect(throws: StorageError.self) { try file.read(at: 0, count: 1) }
            let again = try fileSystem.openFile("a")
            #expect(try again.byteCount == 4 && again.read(at: 0, count: 4) == [1, 2, 3, 4])
            #expect(try fileSystem.byteCount(of: "a") == 4)
        }
    }

    @Test func namesAreMadeRenamedListedAndRemoved() throws {
        try both { fileSystem in
            try fileSystem.makeFolder("x/y")
            try fileSystem.makeFolder("x/y")
            #expect(try fileSystem.exists("x") && fileSystem.exists("x/y") && !fileSystem.exists("x/z"))
            _ = try fileSystem.createFile("x/y/b")
            _ = try fileSystem.createFile("x/y/a")
            #expect(try fileSystem.list("x/y") == ["a", "b"])
            var error = #expect(throws: StorageError.self) { try fileSystem.createFile("x/y/a") }
            #expect(error?.code == .exists)
            try fileSystem.rename("x/y/a", to: "x/y/c")
            try fileSystem.syncFolder("x/y")
            #expect(try fileSystem.list("x/y") == ["b", "c"])
            try fileSystem.remove("x/y/b")
            #expect(throws: StorageError.self) { try fileSystem.removeFolder("x/y") }
            try fileSystem.remove("x/y/c")
            try fileSystem.removeFolder("x/y")
            #expect(try fileSystem.list("x") == [])
            error = #expect(throws: StorageError.self) { try fileSystem.openFile("x/q") }
            #expect(error?.code == .notFound && error?.message.contains(fileSystem.displayName(of: "x/q")) == true)
            error = #expect(throws: StorageError.self) { try fileSystem.list("none") }
            #expect(error?.code == .notFound)
        }
    }

    @Test func aLockExcludesAndIsReleased() throws {
        try both { fileSystem in
            let lock = try fileSystem.lock("LOCK")
            let error = #expect(throws: StorageError.self) { try fileSystem.lock("LOCK") }
            #expect(error?.code == .locked)
            lock.release()
            try fileSystem.lock("LOCK").release()
        }
    }

    @Test func theSimulatedDiskForgetsWhatWasNotSynced() throws {
        var outcomes: Set<Int> = []
        for seed in 0..<200 {
            let disk = SimulatedDisk(seed: UInt64(seed))
            let file = try disk.createFile("a")
            try file.append([UInt8](repeating: 1, count: 700).span)
            try file.sync()
            try disk.syncFolder("")
            try file.append([UInt8](repeating: 2, count: 2_000).span)
            disk.crash()
            let content = try #require(disk.content(of: "a"))
            #expect(content.prefix(700) == ArraySlice([UInt8](repeating: 1, count: 700)))
            outcomes.insert(
                content.count == 700 ? 0 : content.dropFirst(700).contains(0) ? 1 : content.count == 2_700 ? 2 : 3)
            #expect(throws: StorageError.self) { try file.sync() }
        }
        // Lost, torn, whole, short: all of them happen.
        #expect(outcomes == [0, 1, 2, 3])
    }

    @Test func theSimulatedDiskForgetsNamesThatWereNotSynced() throws {
        var seen: Set<Bool> = []
        for seed in 0..<50 {
            let disk = SimulatedDisk(seed: UInt64(seed))
            let file = try disk.createFile("a")
            try file.sync()
            disk.crash()
            seen.insert(try disk.exists("a"))
        }
        #expect(seen == [true, false])
    }

    @Test func aFailedSyncIsNotMadeGoodByTheNext() throws {
        var lost = 0
        for seed in 0..<50 {
            let disk = SimulatedDisk(seed: UInt64(seed))
            let file = try disk.createFile("a")
            try disk.syncFolder("")
            try file.append([1, 2, 3].span)
            disk.failNext(.sync)
            #expect(throws: StorageError.self) { try file.sync() }
            try file.sync()
            disk.crash()
            if disk.content(of: "a") != [1, 2, 3] { lost += 1 }
        }
        #expect(lost > 0)
    }
}
