// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import TimeSeriesModel

/// How points are written.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
    case csv
    case tsfile
    case line
}

/// `apus export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write points to CSV, TsFile or line protocol.",
        discussion: """
            PATTERN names series or devices. The server is asked in pages of bounded size, so the amount does not matter. CSV and
            TsFile keep all types exactly; line protocol has fewer, and no NaN or infinities. --output that ends in / or is a
            folder gets a file per device (csv, line) or files of about 64 MB (tsfile); otherwise one file gets everything.

              apus export 'root.plant.**' --output plant/
              apus export root.plant.d1.temperature --from 2024-01-01 --to 2024-02-01 --output january.csv
              apus export 'root.**' --format tsfile --output all/ --resume
              apus export 'root.**' --data-dir /var/lib/apus --output all/        a stopped server

            Times without an offset are UTC; numbers are in the server's unit. --from is included, --to is not.

            Exit codes: 0 all points are written; 1 a file cannot be written, or a query was refused; 3 the server cannot be
            reached or refuses the login; 64 wrong usage.
            """, helpNames: [.long])

    @Argument(help: "Series or devices, wildcards allowed.")
    var pattern: String

    @Option(help: "A file, or a folder.")
    var output: String

    @Option(help: "The first time.")
    var from: String?

    @Option(help: "The time behind the last one.")
    var to: String?

    @Option(help: "csv, tsfile or line.")
    var format: ExportFormat = .csv

    @Flag(help: "Go on with an interrupted export.")
    var resume = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var options: ConfigurationOptions

    @Option(help: "The data folder of a stopped server.", completion: .directory)
    var dataDir: String?

    func run() async throws {
        let code = await execute()
        if code != 0 { throw ExitCode(code) }
    }

    private func execute() async -> Int32 {
        do throws(SQLClientError) {
            let session = try await StatementSession.open(server, options, dataFolder: dataDir)
            let result = await export(session)
            await session.close()
            switch result {
            case .success(let points):
                writeOutput("\(points) points are written to \(output).\n")
                return 0
            case .failure(let trouble):
                writeError("apus export: \(trouble.message)\n")
                return trouble.exitCode
            }
        } catch {
            writeError("apus export: \(error.message)\n")
            return error.exitCode
        }
    }

    private func export(_ session: any SQLTransport) async -> Result<Int, ToolTrouble> {
        do {
            let precision = try await SQLVariables.precision(session, known: nil)
            let range = try (start: time(from, precision), end: time(to, precision))
            let series = try await SeriesCatalog.series(pattern, session)
            guard !series.isEmpty else { throw FileTrouble("no series matches \(pattern)") }
            let run = ExportRun(self, session, from: range.start, to: range.end)
            return .success(
                format == .tsfile ? try await run.writeTsFiles(series) : try await run.writeTexts(series))
        } catch {
            return .failure(ToolTrouble(error))
        }
    }

    /// A number in the server's unit, or a date-time.
    private func time(_ text: String?, _ precision: TimestampPrecision) throws -> Int64? {
        guard let text else { return nil }
        if let number = Int64(text) { return number }
        guard
            let time = DateTimeText.timestamp(Array(text.utf8).span, precision: precision, defaultOffsetSeconds: 0)
        else { throw FileTrouble("`\(text)` is no time: a number, or a date such as 2024-01-31T12:00:00Z") }
        return time
    }
}

/// What ended a tool.
struct ToolTrouble: Error {
    var message: String
    var exitCode: Int32

    init(_ error: any Error) {
        switch error {
        case let error as SQLClientError:
            message = error.message
            exitCode = error.exitCode
        case let error as FileTrouble:
            message = error.message
            exitCode = 1
        default:
            message = "\(error)"
            exitCode = 1
        }
    }
}
