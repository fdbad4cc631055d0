// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `apus bench storage`.
struct StorageBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "Drive the storage engine directly, and measure it.",
        discussion: """
            No server and no network: threads of this process write rows to a storage engine in a new folder on the real
            disk, with a sync per commit, and read them back. Parts:

              ingest      points/s: 100 and 100,000 series, batches of 1, 5 and 100 points (rows of one device)
              size        bytes per point in files, for five kinds of sensor data
              scan        points/s of a sum over --points points, from statistics and from decoded values
              lookup      latency of finding one point in files
              compaction  bytes written per byte flushed, in order and with late rows
              memory      resident memory with a million series of ten thousand devices
              recovery    seconds of a start per GiB of log

            Exit codes: 0 measured; 1 something failed, and standard error says what; 64 wrong usage.
            """)

    @Option(help: "Comma-separated parts; default: all.") var parts = "all"
    @Option(help: "Seconds of each ingest run.") var seconds = 5.0
    @Option(help: "Points of the scan.") var points = 100_000_000
    @Option(help: "MiB of log that the recovery part replays.") var recoveryMebibytes = 512
    @Option(help: "Threads that write.") var threads = 2
    @Option(help: "Where the data folder is made; the disk that is measured.") var folder = "."
    @Flag(help: "Keep the files of the size part, and print where they are.") var keep = false
    @Flag(help: "Print one JSON array instead of a table.") var json = false

    func validate() throws {
        _ = try chosen()
        guard 0.1...3_600 ~= seconds else { throw ValidationError("--seconds is 0.1 to 3600.") }
        guard 1_000...10_000_000_000 ~= points else { throw ValidationError("--points is 1000 to 10000000000.") }
        guard 1...65_536 ~= recoveryMebibytes else { throw ValidationError("--recovery-mebibytes is 1 to 65536.") }
        guard 1...64 ~= threads else { throw ValidationError("--threads is 1 to 64.") }
    }

    private func chosen() throws -> [StorageBenchPart] {
        if parts == "all" { return StorageBenchPart.allCases }
        return try parts.split(separator: ",").map { word in
            guard let part = StorageBenchPart(rawValue: String(word)) else {
                let names = StorageBenchPart.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--parts: there is no part \(word); there are \(names).")
            }
            return part
        }
    }

    func run() throws {
        let parent = "\(folder)/apus-bench-\(getpid())"
        let context = StorageBenchContext(self, parent: parent) { figure in
            if !json { writeOutput(figure.line) }
        }
        defer { if !keep { try? FileManager.default.removeItem(atPath: parent) } }
        for part in try chosen() {
            if isatty(STDERR_FILENO) == 1 { writeError("measuring \(part.rawValue) ...\n") }
            do {
                try measure(part, context)
            } catch {
                writeError("apus bench storage: \(part.rawValue): \(error)\n")
                throw Exit.failed
            }
        }
        if json { try printJSON(context.figures) }
        if keep { writeError("the files are in \(parent)\n") }
    }

    private func measure(_ part: StorageBenchPart, _ context: StorageBenchContext) throws {
        switch part {
        case .ingest: try IngestBench(context: context).run()
        case .size: try SizeBench(context: context).run()
        case .scan: try ScanBench(context: context).run()
        case .lookup: try LookupBench(context: context).run()
        case .compaction: try CompactionBench(context: context).run()
        case .memory: try MemoryBench(context: context).run()
        case .recovery: try RecoveryBench(context: context).run()
        }
    }

    private func printJSON(_ figures: [StorageFigure]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        writeOutput(String(decoding: try encoder.encode(figures), as: UTF8.self) + "\n")
    }
}
