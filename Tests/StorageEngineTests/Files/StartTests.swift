// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct StartTests {
    private let folder = "tsfiles/root.plant/0"

    private func worldWithFile() throws -> (FilesWorld, PointModel) {
        var random = SeededRandom(seed: 1)
        var world = try FilesWorld()
        var model = PointModel()
        for start in [0, 100, 604_800_000] as [Int64] {
            let points = random.points(.int32, count: 10, from: start, step: 1...1)
            model.insert(points)
            world.write(testSeries(.int32), points)
            #expect(world.flush())
        }
        return (world, model)
    }

    @Test func `leftovers are removed with a line in the log, other files stay`() throws {
        let (world, model) = try worldWithFile()
        let named = world.disk.fileNames
        world.disk.put("\(folder)/1700000000000-9-0-0.tsfile", [1, 2, 3])
        world.disk.put("\(folder)/1700000000000-10-0-0.tsfile.tmp", [])
        world.disk.put("\(folder)/notes.txt", [])
        world.disk.put("tsfiles/README", [])
        let reopened = try world.reopened()
        #expect(world.disk.fileNames == (named + ["\(folder)/notes.txt", "tsfiles/README"]).sorted())
        let lines = reopened.logs.lines
        #expect(lines.count == 2)
        for name in ["1700000000000-9-0-0.tsfile", "1700000000000-10-0-0.tsfile.tmp"] {
            #expect(lines.contains { $0.contains("leftover") && $0.contains(name) })
        }
        #expect(try reopened.points(testSeries(.int32)) == model.points(in: .all))
        // The names of leftovers are not given again.
        #expect(reopened.store.newName().version == 11)
    }

    @Test func `with an empty catalog whole files are left alone`() throws {
        let disk = MemoryDisk()
        _ = try FilesWorld(disk: disk)
        try disk.makeFolder(folder)
        disk.put("\(folder)/1700000000000-9-0-0.tsfile", [1, 2, 3])
        disk.put("\(folder)/1700000000000-10-0-0.tsfile.tmp", [])
        let world = try FilesWorld(disk: disk)
        #expect(disk.fileNames == ["\(folder)/1700000000000-9-0-0.tsfile"])
        #expect(world.logs.lines.contains { $0.hasPrefix("warning") && $0.contains("1700000000000-9-0-0.tsfile") })
        #expect(world.store.newName().version == 11)
    }

    @Test(arguments: [nil, 17, 0] as [Int?])
    func `a file that is missing or cut is named, and the others are read`(_ bytesLeft: Int?) throws {
        let (world, model) = try worldWithFile()
        let path = world.memtables.files.all()[1].path
        let content = world.disk.content(of: path)
        if let bytesLeft { world.disk.put(path, Array(content.prefix(bytesLeft))) } else { try world.disk.remove(path) }
        let reopened = try world.reopened()
        #expect(reopened.logs.lines.contains { $0.hasPrefix("error") && $0.contains(path) })
        #expect(reopened.memtables.facts().files.map { $0.problem == nil } == [true, false, true])
        let outside = TimeRange(200, .max)
        #expect(try reopened.points(testSeries(.int32), in: outside) == model.points(in: outside))
        let error = #expect(throws: StorageError.self) { try reopened.points(testSeries(.int32)) }
        #expect(error?.message.contains(path) == true)
        #expect(throws: StorageError.self) {
            try reopened.snapshot().last(of: testSeries(.int32), in: TimeRange(0, 300))
        }
        // The newest point does not need it.
        #expect(try reopened.snapshot().last(of: testSeries(.int32), in: .all)?.time == 604_800_009)
    }

    @Test func `damage inside a file is found when it is read, and the file is named`() throws {
        let (world, _) = try worldWithFile()
        let path = world.memtables.files.all()[0].path
        var content = world.disk.content(of: path)
        for index in 20..<content.count - 10 { content[index] ^= 0x55 }
        world.disk.put(path, content)
        let reopened = try world.reopened()
        let error = #expect(throws: StorageError.self) { try reopened.points(testSeries(.int32)) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains(path) == true)
    }

    @Test func `a replaced file is read by those who hold it, and removed when the last lets go`() throws {
        let (world, model) = try worldWithFile()
        let path = world.memtables.files.all()[0].path
        try replaceFirst(world, model, path)
        #expect(!world.disk.fileNames.contains(path))
    }

    private func replaceFirst(_ world: FilesWorld, _ model: PointModel, _ path: String) throws {
        let snapshot = world.snapshot()
        let generation = snapshot.fileGeneration
        world.memtables.replace([world.memtables.files.all()[0]], with: [])
        #expect(world.snapshot().fileGeneration > generation)
        world.store.readers.closeAll()
        #expect(world.disk.fileNames.contains(path))
        #expect(
            try readAll(snapshot.points(of: testSeries(.int32), in: .all, order: .ascending)) == model.points(in: .all))
        #expect(try world.points(testSeries(.int32)) == model.points(in: TimeRange(100, .max)))
        world.store.readers.closeAll()
    }
}
