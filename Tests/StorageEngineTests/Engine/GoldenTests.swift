// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import ServerMetrics
import StorageTestSupport
import Synchronization
import Testing
import TimeSeriesModel

@testable import StorageEngine

/// Stands for the dead letters: keeps what the log gives, hands it to the checkpoint.
private final class Letters: LogParticipant {
    let participant: UInt8 = 1
    private let replayed = Mutex<[(sequence: LogSequence, payload: [UInt8])]>([])

    var count: Int { replayed.withLock { $0.count } }

    func replay(_ payload: Span<UInt8>, sequence: LogSequence) {
        let copy = payload.indices.map { payload[$0] }
        replayed.withLock { $0.append((sequence, copy)) }
    }

    func applied(_ payload: Span<UInt8>, sequence: LogSequence) {}

    func checkpointChanges(through sequence: LogSequence) -> [ParticipantChange] {
        replayed.withLock { letters in
            letters.filter { $0.sequence <= sequence }.map {
                ParticipantChange(participant: participant, key: Array("\($0.sequence)".utf8), value: $0.payload)
            }
        }
    }

    func checkpointed(through sequence: LogSequence) {}
}

/// Data folders of every format version open for ever, with everything that is in them.
@Suite struct GoldenTests {
    private struct Opened {
        let engine: StorageEngine
        let catalog: SQLiteCatalog
        let letters = Letters()

        init(_ folder: TemporaryFolder, _ settings: StorageSettings = StorageSettings()) throws {
            let fileSystem = POSIXFileSystem(folder: folder.path + "/data")
            let clock = TestClock()
            catalog = try SQLiteCatalog(path: folder.path + "/data/catalog.sqlite")
            engine = try StorageEngine.open(
                settings: settings, fileSystem: fileSystem, catalog: catalog, wallClock: clock,
                monotonicClock: clock, participants: [letters], metrics: MetricsRegistry(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        func close() throws {
            try engine.close()
            try catalog.close()
        }
    }

    @Test(arguments: ["v1", "v2"]) func opensWithEverything(version: String) throws {
        let golden = GoldenFolder(version)
        let expected = try golden.expected()
        #expect(expected.count > 20)
        let folder = try golden.copy()
        let opened = try Opened(folder)
        expectSame(try GoldenFolder.points(in: opened.engine), expected)
        #expect(opened.letters.count == 2)
        #expect(try opened.catalog.entries(of: 1, after: nil, limit: 10).count == 1)
        #expect(try opened.catalog.load().files.isEmpty == false)
        try opened.close()
    }

    @Test(arguments: ["v1", "v2"]) func opensAgainAfterAFlush(version: String) throws {
        let golden = GoldenFolder(version)
        let expected = try golden.expected()
        let folder = try golden.copy()
        for _ in 0..<3 {
            let opened = try Opened(folder)
            try opened.engine.flush()
            expectSame(try GoldenFolder.points(in: opened.engine), expected)
            #expect(try opened.catalog.entries(of: 1, after: nil, limit: 10).count == 3)
            try opened.close()
        }
    }

    /// Files of the old version and of this one become one, and nothing changes.
    @Test(arguments: ["v1", "v2"]) func mergesWithoutChange(version: String) throws {
        let golden = GoldenFolder(version)
        let expected = try golden.expected()
        let folder = try golden.copy()
        var settings = StorageSettings()
        settings.compaction.idleMilliseconds = 0
        settings.compaction.fanIn = 2
        settings.compaction.spanningFanIn = 2
        let opened = try Opened(folder, settings)
        try opened.engine.flush()
        while opened.engine.compactOnce() {}
        expectSame(try GoldenFolder.points(in: opened.engine), expected)
        try opened.close()
        let again = try Opened(folder)
        expectSame(try GoldenFolder.points(in: again.engine), expected)
        try again.close()
    }

    /// Series by series, so that a failure says where.
    private func expectSame(_ found: GoldenFolder.Points, _ expected: GoldenFolder.Points) {
        #expect(Set(found.keys) == Set(expected.keys))
        for (series, points) in expected { #expect(found[series] == points, "\(series)") }
    }
}
