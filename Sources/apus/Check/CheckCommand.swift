// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser
import Catalog
import StorageEngine

/// `apus check`.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a data folder: catalog, files, log.",
        discussion: """
            Looks at the format version, the catalog (SQLite's own check, references, ids), every file that the catalog names
            (there, size, SHA-256, every page decodes and agrees with its statistics, times, number of points), files that
            nobody names, the chain of log segments and every record. Says what is wrong, where, and what to do. Changes
            nothing, but with --quarantine.

              apus check --data-dir /var/lib/apus
              apus check --data-dir /var/lib/apus --online        beside a running server: only its TsFiles
              apus check --data-dir /var/lib/apus --quarantine    moves damaged TsFiles out of the way

            Exit codes: 0 all good; 1 something is damaged; 2 it could not look: no data folder, or a server runs on it;
            64 wrong usage.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "The data folder; otherwise the data_dir of the configuration.")
    var dataDir: String?

    @Flag(help: "Look at the immutable files of a running server; takes no lock.")
    var online = false

    @Flag(
        help:
            "Move damaged TsFiles to quarantine/ in the data folder, and take them and missing ones out of the catalog."
    )
    var quarantine = false

    @Flag(help: "A line for every file.")
    var verbose = false

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    /// It could not look.
    static let unable = ExitCode(2)

    func validate() throws {
        if online && quarantine {
            throw ValidationError("--quarantine needs the folder of a stopped server, not --online.")
        }
    }

    func run() throws {
        let folder = try dataDir ?? options.load().dataFolder
        let isGood: Bool
        do throws(StorageError) {
            isGood = try check(POSIXFileSystem(folder: folder))
        } catch {
            writeError("apus check: \(error.message)\n")
            if error.code == .locked {
                writeError("A server runs on it: stop it, or look at its files with --online.\n")
            }
            throw Self.unable
        }
        if !isGood { throw Exit.failed }
    }

    /// True if nothing is damaged.
    private func check(_ fileSystem: POSIXFileSystem) throws(StorageError) -> Bool {
        guard try fileSystem.exists(""), try fileSystem.exists(FolderCheck.catalogName) else {
            throw StorageError(
                .notFound, "\(fileSystem.folder) is no data folder: it has no \(FolderCheck.catalogName)")
        }
        let output = CheckOutput(isVerbose: verbose, isJSON: json)
        var check = FolderCheck(fileSystem: fileSystem, observer: output)
        if online {
            let report = try check.runOnline()
            output.conclude(report, fileSystem, moved: [])
            return report.isGood
        }
        let lock = try fileSystem.lock(DataFolder.lockName)
        defer { lock.release() }
        let (state, problems) = examine(fileSystem)
        let report = try check.run(state: state, catalogProblems: problems)
        var moved: [Quarantine.Move] = []
        if quarantine, let state, !report.badFiles.isEmpty {
            moved = try setAside(report.badFiles, of: state, fileSystem)
        }
        output.conclude(report, fileSystem, moved: moved)
        return report.isGood
    }

    private func examine(_ fileSystem: POSIXFileSystem) -> (state: CatalogState?, problems: [String]) {
        do throws(CatalogError) {
            let examination = try CatalogExamination(path: fileSystem.displayName(of: FolderCheck.catalogName))
            guard let copy = examination.copy else { return (nil, examination.problems) }
            return (try copy.load(), [])
        } catch {
            return (nil, [error.message])
        }
    }

    private func setAside(
        _ versions: [UInt64], of state: CatalogState, _ fileSystem: POSIXFileSystem
    ) throws(StorageError) -> [Quarantine.Move] {
        do {
            let catalog = try SQLiteCatalog(path: fileSystem.displayName(of: FolderCheck.catalogName))
            defer { try? catalog.close() }
            let bad = Set(versions)
            return try Quarantine(fileSystem: fileSystem).setAside(
                state.files.filter { bad.contains($0.version) }, catalog: catalog)
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.catalog, "\(error)")
        }
    }
}
