// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import StorageEngine
import TimeSeriesModel

/// `apus inspect`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Explain a TsFile or a log segment.",
        discussion: """
            Says what a file holds and where its bytes are. A TsFile: version, size, devices, every series with type, encoding,
            compressor, points, times and bytes per point; every page is decoded and compared with its statistics. A log
            segment: its head, every record with its sections, and where the records end and why; series by name if the
            catalog of a stopped server lies beside the log. A damaged file is explained as far as it goes.

              apus inspect data/tsfiles/root.plant/2817/1700000000000-1-0-0.tsfile
              apus inspect --pages FILE            chunks and pages, too
              apus inspect data/wal/0000000012.wal

            Exit codes: 0 the file is whole; 1 it is damaged; 2 it cannot be read, or is neither; 64 wrong usage.
            """)

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Flag(help: "List the chunks of every series and their pages.")
    var pages = false

    @Flag(help: "Print JSON instead of text: one object, or for a log segment an object a line.")
    var json = false

    @Option(help: "The unit of times, to show them as dates: ms, us or ns.")
    var precision = "ms"

    /// The file cannot be read at all.
    static let unreadable = ExitCode(2)

    func validate() throws {
        guard TimestampPrecision(rawValue: precision) != nil else {
            throw ValidationError("--precision is ms, us or ns.")
        }
    }

    func run() throws {
        let place = FilePlace(file)
        let isWhole: Bool
        do {
            let open = try POSIXFileSystem(folder: place.folder).openFile(place.name)
            defer { open.close() }
            isWhole =
                try FileKind(open, name: place.name) == .segment
                ? LogReport(self, place).write(open) : TsFileReport(self, place).write(open)
        } catch let error as StorageError where error.code == .corrupt {
            writeOutput("\(error.message)\n")
            throw Exit.failed
        } catch let error as StorageError {
            writeError("apus inspect: \(error.message)\n")
            throw Self.unreadable
        }
        if !isWhole { throw Exit.failed }
    }

    /// Of the times of the file.
    var unit: TimestampPrecision { TimestampPrecision(rawValue: precision) ?? .milliseconds }
}

/// Folder and name of a path.
struct FilePlace {
    let folder: String
    let name: String

    init(_ path: String) {
        let cut = path.lastIndex(of: "/")
        folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        name = cut.map { String(path[path.index(after: $0)...]) } ?? path
    }
}

/// What a file seems to be.
enum FileKind: Equatable {
    case tsFile
    case segment

    /// By the first bytes; where they are damaged by the name.
    init(_ file: any StorageFile, name: String) throws(StorageError) {
        let head = try file.read(at: 0, count: min(8, file.byteCount))
        if head.starts(with: Array("TsFile".utf8)) {
            self = .tsFile
        } else if head.elementsEqual("APUSWAL1".utf8) {
            self = .segment
        } else if name.hasSuffix(".wal") {
            self = .segment
        } else if name.contains(".tsfile") {
            self = .tsFile
        } else {
            throw StorageError(.incompatible, "\(name) is neither a TsFile nor a log segment")
        }
    }
}
