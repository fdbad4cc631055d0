// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import StorageEngine

/// `apus restore`.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make a data folder of a backup, or verify a backup.",
        discussion: """
            Copies a backup into a new, empty data folder and checks every hash on the way. Interrupted, it is completed by the
            same command; until then no server takes the folder. With --verify the backup is only checked.

              apus restore /mnt/backup/apus --data-dir /var/lib/apus
              apus restore /mnt/backup/apus --verify
              apus restore /mnt/backup/apus --verify --deep        decodes every page, too

            Exit codes: 0 done, or the backup is good; 1 the backup is damaged, or it failed; 2 it is no backup, or the target
            is not empty; 64 wrong usage.
            """)

    @Argument(help: "The folder of the backup.", completion: .directory)
    var backup: String

    @Option(help: "The new data folder.", completion: .directory)
    var dataDir: String?

    @Flag(help: "Check the backup first, and without --data-dir nothing else.")
    var verify = false

    @Flag(help: "With --verify: decode every page of every file.")
    var deep = false

    func validate() throws {
        guard verify || dataDir != nil else {
            throw ValidationError("Name the new folder with --data-dir, or --verify.")
        }
        guard verify || !deep else { throw ValidationError("--deep goes with --verify.") }
    }

    func run() throws {
        do throws(StorageError) {
            let manifest = try readManifest()
            if verify, try !check(manifest) { throw StorageError(.corrupt, "the backup \(backup) is damaged") }
            if let dataDir { try restore(manifest, to: dataDir) }
        } catch {
            writeError("apus restore: \(error.message)\n")
            throw [.notFound, .exists, .incompatible].contains(error.code) ? CheckCommand.unable : Exit.failed
        }
    }

    private var source: POSIXFileSystem { POSIXFileSystem(folder: backup) }

    private func readManifest() throws(StorageError) -> BackupManifest {
        guard let data = FileManager.default.contents(atPath: "\(backup)/\(BackupManifest.fileName)") else {
            throw StorageError(
                .notFound,
                "\(backup) is no backup: it has no \(BackupManifest.fileName). If one was interrupted, repeat it")
        }
        do {
            return try JSONDecoder().decode(BackupManifest.self, from: data)
        } catch {
            throw StorageError(.corrupt, "\(backup)/\(BackupManifest.fileName) cannot be read: \(error)")
        }
    }

    private func check(_ manifest: BackupManifest) throws(StorageError) -> Bool {
        let progress = ProgressBar("verifying", total: manifest.byteCount, unit: .bytes)
        let reader = try BackupReader(source: source, manifest: manifest) { progress.advance(by: $0) }
        let problems = reader.verify(isDeep: deep)
        progress.clear()
        for problem in problems { writeOutput("DAMAGED  \(problem.path): \(problem.message)\n") }
        for file in manifest.omitted { writeOutput("note     \(file.path) is not in it: \(file.reason)\n") }
        if problems.isEmpty {
            writeOutput("The backup \(backup) is good: \(manifest.files.count) files, \(manifest.byteCount) bytes.\n")
        }
        return problems.isEmpty
    }

    private func restore(_ manifest: BackupManifest, to folder: String) throws(StorageError) {
        let progress = ProgressBar("restoring", total: manifest.byteCount, unit: .bytes)
        let reader = try BackupReader(source: source, manifest: manifest) { progress.advance(by: $0) }
        try reader.restore(to: POSIXFileSystem(folder: folder))
        progress.clear()
        let settings = manifest.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        writeOutput(
            "\(folder) is restored: \(manifest.files.count) files, \(manifest.byteCount) bytes. It was made with "
                + "\(settings.joined(separator: ", ")).\n")
    }
}
