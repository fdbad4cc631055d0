// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser
import Foundation
import StorageEngine

/// `apus backup`.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Back up a running or a stopped server.",
        discussion: """
            Online the server writes the folder, on its own machine; the user needs MAINTAIN. Everything that was acknowledged
            before is in the backup. TsFiles are hard links where the folder is on the same file system, else copies. The
            folder may hold an earlier backup: only what is new is written, and the earlier one stays valid until the new one
            is complete. An interrupted backup is completed by the same command.

              apus backup /mnt/backup/apus
              apus backup /mnt/backup/monday --base /mnt/backup/sunday
              apus backup /mnt/backup/apus --data-dir /var/lib/apus        a stopped server

            Exit codes: 0 the backup is complete; 1 it failed, or lacks files that were damaged before; 3 the server cannot
            be reached or refuses the login; 64 wrong usage.
            """, helpNames: [.long])

    @Argument(help: "The folder of the backup, on the server's machine.", completion: .directory)
    var folder: String

    @Option(help: "An earlier backup whose files are taken by hard link.", completion: .directory)
    var base: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var options: ConfigurationOptions

    @Option(help: "The data folder of a stopped server.", completion: .directory)
    var dataDir: String?

    /// The statement for the server.
    var statement: String {
        let base = base.map { " BASE \(Self.quoted(Self.absolute($0)))" } ?? ""
        return "BACKUP TO \(Self.quoted(Self.absolute(folder)))\(base)"
    }

    func run() async throws {
        let code = await execute()
        if code != 0 { throw ExitCode(code) }
    }

    private func execute() async -> Int32 {
        do throws(SQLClientError) {
            let session = try await StatementSession.open(server, options, dataFolder: dataDir)
            let progress = ProgressBar("backing up", unit: .bytes)
            let watch = Task { await Self.watch(session, progress) }
            let result = await Self.execute(statement, session)
            watch.cancel()
            progress.clear()
            await session.close()
            try result.get()
            writeOutput("The backup \(folder) is complete.\n")
            return 0
        } catch {
            writeError("apus backup: \(error.message)\n")
            return error.exitCode
        }
    }

    private static func execute(
        _ statement: String, _ session: any SQLTransport
    ) async -> Result<Void, SQLClientError> {
        do throws(SQLClientError) {
            _ = try await session.execute(statement, rowLimit: 1)
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    /// Asks the server how far it is, until it is told to stop.
    private static func watch(_ session: any SQLTransport, _ progress: ProgressBar) async {
        while !Task.isCancelled {
            if case .rows(let rows)? = try? await session.execute("SHOW METRICS", rowLimit: 100_000),
                rows.columns.count == 3
            {
                var values: [String: Int] = [:]
                for (name, value) in zip(rows.values[0], rows.values[2]) {
                    if case .text(let name) = name, case .number(let value) = value, value < 1e18 {
                        values[name] = Int(value)
                    }
                }
                if let total = values["apus_backup_bytes"], total > 0, !Task.isCancelled {
                    progress.set(values["apus_backup_done_bytes"] ?? 0, of: total)
                }
            }
            try? await Task.sleep(for: .milliseconds(500))
        }
    }

    static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }

    /// The server has another working folder.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
