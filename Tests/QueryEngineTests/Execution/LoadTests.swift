// SPDX-License-Identifier: Apache-2.0

import Foundation
import StorageEngine
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import QueryEngine

/// LOAD from real folders; what is in the files: `Tests/SQLTests/load.test`.
@Suite struct LoadTests {
    /// A temporary folder, gone with the test.
    private final class Folder {
        let path: String

        init() throws {
            let url = FileManager.default.temporaryDirectory.appendingPathComponent("apus-load-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            path = url.resolvingSymlinksInPath().path
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// Writes a TsFile with what some statements store.
        func write(_ name: String, _ statements: String...) async throws {
            let world = try QueryWorld()
            for sql in statements { try await world.run(sql) }
            try await world.run("flush")
            for (index, file) in try await world.run("show files").rows.enumerated() {
                let source = "tsfiles/" + (file.split(separator: "|").first ?? "")
                let content = try #require(world.disk.content(of: source))
                let target = URL(fileURLWithPath: path).appendingPathComponent(index == 0 ? name : "\(index)-\(name)")
                try FileManager.default.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(content).write(to: target)
            }
            try world.close()
        }
    }

    @Test func alignedDevicesComeAsTheyAre() async throws {
        let folder = try Folder()
        try await folder.write(
            "a.tsfile",
            "create aligned timeseries root.a.`x y`(s1 INT32 encoding=RLE compressor=SNAPPY, s2 TEXT)",
            "insert into root.a.`x y`(time, s1, s2) values (1, 1, null), (2, null, 'b'), (3, 3, 'c')")
        let world = try QueryWorld()
        try await world.run("load '\(folder.path)/a.tsfile'")
        #expect(
            try await world.run("select * from root.a.*").lines == [
                "Time|root.a.`x y`.s1:INT32|root.a.`x y`.s2:TEXT", "1|1|null", "2|null|b", "3|3|c",
            ])
        #expect(try await world.run("show devices").rows == ["root.a.`x y`|true|null|INF"])
        let series = try await world.run("show timeseries root.a.*.s1").rows
        #expect(series == ["root.a.`x y`.s1|null|root.a|INT32|RLE|SNAPPY|null|null|null|null|BASE"])
        try world.close()
    }

    @Test func ofAFolderTheNewestFileWins() async throws {
        let folder = try Folder()
        try await folder.write("100-2-0-0.tsfile", "insert into root.a.d(time, s) values (1, 2), (2, 2)")
        try await folder.write("deep/20-1-0-0.tsfile", "insert into root.a.d(time, s) values (1, 1), (3, 1)")
        try await folder.write("other.txt", "insert into root.a.d(time, s) values (1, 7)")
        let world = try QueryWorld()
        try await world.run("load '\(folder.path)'")
        #expect(try await world.run("select s from root.a.d").rows == ["1|2.0", "2|2.0", "3|1.0"])
        try world.close()
    }

    @Test func aDamagedFileCostsNoOther() async throws {
        let folder = try Folder()
        try await folder.write("b.tsfile", "insert into root.a.d(time, s) values (1, 1)")
        try Data("not a TsFile".utf8).write(to: URL(fileURLWithPath: folder.path + "/a.tsfile"))
        try Data().write(to: URL(fileURLWithPath: folder.path + "/empty.tsfile"))
        let world = try QueryWorld()
        let error = await #expect(throws: StatementError.self) { try await world.run("load '\(folder.path)'") }
        #expect(error?.code == 301)
        #expect(error?.message.hasPrefix("1 points of 1 series from 1 files are stored; not stored: ") == true)
        #expect(error?.message.contains("a.tsfile") == true)
        #expect(try await world.run("select s from root.a.d").rows == ["1|1.0"])
        try world.close()
    }

    @Test func onlyAllowedFoldersAreRead() async throws {
        let allowed = try Folder(), other = try Folder()
        try await allowed.write("a.tsfile", "insert into root.a.d(time, s) values (1, 1)")
        try await other.write("b.tsfile", "insert into root.b.d(time, s) values (1, 1)")
        try FileManager.default.createSymbolicLink(
            atPath: allowed.path + "/link.tsfile", withDestinationPath: other.path + "/b.tsfile")
        // Its name begins like that of the allowed one.
        let sibling = allowed.path + "x"
        try FileManager.default.copyItem(atPath: other.path, toPath: sibling)
        defer { try? FileManager.default.removeItem(atPath: sibling) }
        var settings = QuerySettings()
        settings.loadFolders = [allowed.path]
        let world = try QueryWorld(settings: settings)
        for path in [
            "\(other.path)/b.tsfile", other.path, "\(allowed.path)/link.tsfile", "\(allowed.path)/../x",
            "\(allowed.path)/..", "/", sibling,
        ] {
            let error = await #expect(throws: StatementError.self) { try await world.run("load '\(path)'") }
            #expect(error?.code == 301, "\(path)")
        }
        // The folder itself is allowed; a link in it is passed over.
        try await world.run("load '\(allowed.path)'")
        #expect(try await world.run("show devices").rows == ["root.a.d|false|null|INF"])
        try world.close()
    }

    @Test func expiredPointsAreCounted() async throws {
        let folder = try Folder()
        try await folder.write("a.tsfile", "insert into root.a.d(time, s) values (1, 1), (2, 2), (1767225600000, 3)")
        try await folder.write("b.tsfile", "insert into root.a.d(time, s) values (1, 1)")
        let world = try QueryWorld()
        try await world.run("create database root.a with ttl=1000")
        let error = await #expect(throws: StatementError.self) { try await world.run("load '\(folder.path)'") }
        #expect(error?.code == 607)
        #expect(error?.message.contains("points are older than the time to live") == true)
        try await world.run("unset ttl from root.a")
        #expect(try await world.run("select s from root.a.d").rows == ["1767225600000|3.0"])
        try world.close()
    }

    @Test func moreThanIsUnderWayAtATime() async throws {
        let folder = try Folder()
        let rows = (0..<4_000).map { "(\($0), '\(String(repeating: "\($0 % 10)", count: 1_000))\($0)')" }
        try await folder.write(
            "a.tsfile", "insert into root.a.d(time, a) values \(rows[..<900].joined(separator: ","))",
            "insert into root.a.d(time, a) values \(rows[900..<1_800].joined(separator: ","))",
            "insert into root.a.d(time, b) values \(rows[1_800..<2_700].joined(separator: ","))")
        let world = try QueryWorld()
        try await world.run("load '\(folder.path)'")
        #expect(try await world.run("select count(a), count(b) from root.a.d").rows == ["1800|900"])
        try world.close()
    }

    @Test func aLogThatCannotBeWrittenEndsIt() async throws {
        let folder = try Folder()
        try await folder.write("a.tsfile", "insert into root.a.d(time, s) values (1, 1)")
        let world = try QueryWorld()
        world.disk.failNext(.sync, count: .max)
        for _ in 0..<2 {
            let error = await #expect(throws: StatementError.self) { try await world.run("load '\(folder.path)'") }
            #expect(error?.code == 600)
        }
        world.disk.failNext(.sync, count: 0)
        while world.storage.state.failure != nil { await Task.yield() }
        try await world.run("load '\(folder.path)'")
        #expect(try await world.run("select s from root.a.d").rows == ["1|1.0"])
        try world.close()
    }

    @Test func oneAtATime() throws {
        let gate = LoadGate()
        try gate.enter()
        #expect(throws: StatementError.self) { try gate.enter() }
        gate.leave()
        try gate.enter()
        gate.leave()
        gate.close()
        #expect(gate.isClosed)
        #expect(throws: StatementError.self) { try gate.enter() }
    }
}
