// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing

@testable import apus

@Suite struct ToolCommandTests {
    @Test func commandLinesOfTheDocumentAreUnderstood() throws {
        let check = try #require(try Apus.parseAsRoot(["check", "--data-dir", "d", "--verbose"]) as? CheckCommand)
        #expect(check.dataDir == "d" && check.verbose && !check.online)
        let inspect = try #require(try Apus.parseAsRoot(["inspect", "f.wal", "--pages", "--json"]) as? InspectCommand)
        #expect(inspect.file == "f.wal" && inspect.pages && inspect.json)
        let restore = try #require(try Apus.parseAsRoot(["restore", "b", "--verify", "--deep"]) as? RestoreCommand)
        #expect(restore.verify && restore.deep && restore.dataDir == nil)
        let export = try #require(
            try Apus.parseAsRoot(["export", "root.**", "--output", "x/", "--format", "line", "-h", "there", "-p", "1"])
                as? ExportCommand)
        #expect(export.format == .line && export.server.host == "there" && export.server.port == 1)
        let load = try #require(try Apus.parseAsRoot(["import", "a.csv", "b.tsfile", "--resume"]) as? ImportCommand)
        #expect(load.files == ["a.csv", "b.tsfile"] && load.resume)
    }

    @Test(arguments: [
        ["check", "--online", "--quarantine"], ["restore", "b"], ["restore", "b", "--data-dir", "d", "--deep"],
        ["inspect", "f", "--precision", "s"], ["export", "root.**"], ["import"], ["inspect"],
    ])
    func wrongUsageIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try Apus.parseAsRoot(arguments) }
    }

    @Test func aBackupIsAStatement() throws {
        let command = try #require(
            try Apus.parseAsRoot(["backup", "/mnt/it's", "--base", "/old"]) as? BackupCommand)
        #expect(command.statement == "BACKUP TO '/mnt/it''s' BASE '/old'")
        let relative = try #require(try Apus.parseAsRoot(["backup", "there"]) as? BackupCommand)
        #expect(relative.statement.hasPrefix("BACKUP TO '/") && relative.statement.hasSuffix("/there'"))
    }

    @Test func aPathHasAFolderAndAName() {
        #expect(FilePlace("a/b/c.wal").folder == "a/b")
        #expect(FilePlace("c.wal").folder == ".")
        #expect(FilePlace("/c.wal").folder == "/")
        #expect(FilePlace("/c.wal").name == "c.wal")
    }
}
