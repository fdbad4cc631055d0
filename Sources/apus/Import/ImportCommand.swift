// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// `apus import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read points from TsFiles or CSV.",
        discussion: """
            A TsFile, or a folder of them, is loaded by the server, which must see it (LOAD). Any other file is CSV: a header
            `Time,root.a.b.c,root.a.b.d(DOUBLE),...`, times as numbers in the server's unit or ISO 8601 (UTC without an
            offset), an empty field for no value. Series with a type in the header are created if they are missing. A line
            that is wrong is named and goes to FILE.rejected; the others go on. Importing a file twice does no harm.

              apus import plant.csv
              apus import --resume plant.csv            goes on where an interrupted import stopped
              apus import backup/*.tsfile -h 127.0.0.1
              apus import plant.csv --data-dir /var/lib/apus        a stopped server

            Exit codes: 0 everything is imported; 1 lines were rejected, or a file was refused; 3 the server cannot be
            reached or refuses the login; 64 wrong usage.
            """, helpNames: [.long])

    @Argument(help: "TsFiles, folders of TsFiles, or CSV files.", completion: .file())
    var files: [String]

    @Flag(help: "Go on with an interrupted import of CSV files.")
    var resume = false

    @Flag(help: "Devices that are created by a CSV file are aligned.")
    var aligned = false

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
            var code: Int32 = 0
            for file in files { code = max(code, await execute(file, session)) }
            await session.close()
            return code
        } catch {
            writeError("apus import: \(error.message)\n")
            return error.exitCode
        }
    }

    private func execute(_ file: String, _ session: any SQLTransport) async -> Int32 {
        do {
            if Self.isTsFile(file) {
                _ = try await session.execute(Self.load(file), rowLimit: 1)
                writeOutput("\(file) is loaded.\n")
                return 0
            }
            let precision = try await SQLVariables.precision(session, known: nil)
            let run = try await CSVImport(file, session, precision: precision, isAligned: aligned, resume: resume)
            try await run.run()
            guard run.rejected > 0 else {
                writeOutput("\(file) is imported: \(run.rows) lines.\n")
                return 0
            }
            writeOutput(
                "\(file): \(run.rows) lines were sent, \(run.rejected) rejected; they are in \(file).rejected.\n")
            return 1
        } catch {
            let trouble = ToolTrouble(error)
            writeError("apus import: \(file): \(trouble.message)\n")
            return trouble.exitCode
        }
    }

    /// By its name, or because it is a folder.
    static func isTsFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return path.hasSuffix(".tsfile")
        }
        return isFolder.boolValue || path.hasSuffix(".tsfile")
    }

    /// The statement; the server has another working folder.
    static func load(_ path: String) -> String { "LOAD \(BackupCommand.quoted(BackupCommand.absolute(path)))" }
}
