// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import TimeSeriesModel

@testable import StorageEngine

/// A data folder with a TsFile, a log, and the catalog of both, as a stopped server left it.
struct CheckedFolder {
    let disk = SimulatedDisk(seed: 1)
    let catalog: SimulatedCatalog

    init() throws {
        catalog = SimulatedCatalog(disk: disk)
        let engine = try openEngine(disk, catalog)
        let completion = WaitingCompletion()
        for time in 0..<300 {
            try writeRow(engine, "d1", Int64(time), Double(time) / 4, ticket: UInt64(time + 1), completion)
        }
        try completion.wait(for: 300)
        try engine.flush()
        // Commits of their own, which stay in the log.
        for time in 300..<320 {
            try writeRow(engine, "d2", Int64(time), 1, ticket: UInt64(time + 1), completion)
            try completion.wait(for: UInt64(time + 1))
        }
        disk.kill()
    }

    /// The one TsFile.
    var file: String { get throws { "tsfiles/\(try catalog.load().files[0].name)" } }

    /// Segments of the log, oldest first.
    var segments: [String] { get throws { try disk.list("wal").map { "wal/\($0)" } } }

    /// Checks with the catalog, or with what `change` makes of it.
    func check(_ change: (inout CatalogState) -> Void = { _ in }) throws -> CheckReport {
        var state = try catalog.load()
        change(&state)
        var check = FolderCheck(fileSystem: disk, observer: QuietObserver())
        return try check.run(state: state, catalogProblems: [])
    }

    /// Turns a bit of a file over, runs `body`, and puts the file back.
    func flipping<Result>(_ path: String, at offset: Int, _ body: () throws -> Result) throws -> Result {
        let content = disk.content(of: path) ?? []
        var bytes = content
        bytes[offset] ^= 0x10
        disk.overwrite(path, with: bytes)
        defer { disk.overwrite(path, with: content) }
        return try body()
    }
}

/// Hears nothing.
struct QuietObserver: CheckObserver {
    func begins(byteCount: Int) {}
    func advanced(by byteCount: Int) {}
    func finished(_ path: String, findings: [CheckFinding]) {}
}

extension CheckReport {
    /// Paths of damaged parts, each once.
    var damaged: [String] { Set(findings.filter { $0.severity == .damage }.map(\.path)).sorted() }
}
