// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import StorageEngine
import Testing
import TimeSeriesModel

@testable import apus

@Suite struct StorageBenchTests {
    @Test func commandLine() throws {
        let command = try #require(
            try Apus.parseAsRoot([
                "bench", "storage", "--parts", "ingest,lookup", "--seconds", "0.5", "--points", "1000", "--threads",
                "3",
                "--recovery-mebibytes", "7", "--folder", "/x", "--keep", "--json",
            ]) as? StorageBenchCommand)
        #expect(command.parts == "ingest,lookup" && command.seconds == 0.5 && command.points == 1_000)
        #expect(command.threads == 3 && command.recoveryMebibytes == 7 && command.folder == "/x")
        #expect(command.keep && command.json)
        #expect(try Apus.parseAsRoot(["bench", "mqtt", "--rows", "2"]) is BenchCommand)
    }

    @Test(arguments: [
        ["--parts", "speed"], ["--seconds", "0"], ["--points", "999"], ["--threads", "0"],
        ["--recovery-mebibytes", "0"],
    ])
    func wrongUsage(words: [String]) {
        #expect {
            try Apus.parseAsRoot(["bench", "storage"] + words)
        } throws: {
            Apus.exitCode(for: $0) == ExitCode.validationFailure
        }
    }

    @Test(arguments: SensorSignal.Kind.allCases) func theSameSeedGivesTheSameData(kind: SensorSignal.Kind) {
        func values(seed: UInt64) -> ValueColumn {
            var signal = SensorSignal(kind, seed: seed)
            var column = ValueColumn(kind.type)
            for _ in 0..<500 { signal.append(to: &column) }
            return column
        }
        #expect(values(seed: 1) == values(seed: 1))
        #expect(values(seed: 1) != values(seed: 2))
        #expect(values(seed: 1).count == 500)
    }

    @Test(arguments: [false, true]) func timesRise(isJittered: Bool) {
        var times = SensorTimes(isJittered: isJittered, seed: 3)
        var last = SensorTimes.first
        var steps: Set<Int64> = []
        for _ in 0..<500 {
            let next = times.next()
            #expect(next > last)
            steps.insert(next - last)
            last = next
        }
        #expect((steps.count == 1) == !isJittered)
    }

    @Test func percentiles() {
        #expect(percentile([], 0.5) == 0)
        #expect(percentile([1, 2, 3, 4], 0.5) == 3)
        #expect(percentile([1, 2, 3, 4], 0.99) == 4)
        #expect(percentile([1], 1) == 1)
    }

    @Test func tableLine() {
        let figure = StorageFigure(part: .scan, name: "sum", value: 1_234_567, unit: "points/s", note: "2 files")
        #expect(figure.line.hasPrefix("scan: sum ") && figure.line.contains(" 1,234,567 points/s"))
        #expect(figure.line.hasSuffix("2 files\n"))
        #expect(StorageFigure(part: .size, name: "x", value: 0.25, unit: "bytes").line.contains(" 0.250 bytes"))
    }

    /// Everything that the producers counted is in the engine.
    @Test func producersWriteWhatTheyCount() throws {
        let folder = try BenchFolder(in: NSTemporaryDirectory(), name: "apus-bench-test-\(getpid())")
        defer { folder.remove() }
        let opened = try folder.open(StorageSettings())
        let fleet = try BenchFleet(opened.engine, devices: 4, measurements: 2)
        #expect(fleet.seriesCount == 8)
        var producers = BenchProducers()
        producers.rows = 3
        producers.columns = 2
        producers.window = 4
        producers.lateInHundred = 10
        producers.pointsMax = 240
        let result = try producers.run(opened.engine, fleet)
        #expect(result.points == 240)
        #expect(opened.engine.facts().memtablePoints == 240)
        #expect(opened.metric("apus_log_commits_total") > 0)
        try opened.close()
        #expect(folder.byteCount(of: "tsfiles") > 0)
    }
}
