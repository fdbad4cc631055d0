// SPDX-License-Identifier: Apache-2.0

package import Catalog
import TimeSeriesModel
import TsFile

/// Looks at everything in a data folder that nobody uses meanwhile, and changes nothing.
package struct FolderCheck {
    let fileSystem: any StorageFileSystem
    let observer: any CheckObserver
    /// What was found so far.
    package internal(set) var report = CheckReport()

    package init(fileSystem: any StorageFileSystem, observer: any CheckObserver) {
        self.fileSystem = fileSystem
        self.observer = observer
    }

    /// Checks version, catalog, files and log. `catalogProblems` is what SQLite said; `state` nil = the catalog cannot be read, so
    /// that the files stand for themselves and the log cannot be checked against it.
    package mutating func run(state: CatalogState?, catalogProblems: [String]) throws(StorageError) -> CheckReport {
        checkVersion()
        let onDisk = FolderListing(fileSystem)
        observer.begins(byteCount: expectedBytes(state, onDisk))
        checkCatalog(state, problems: catalogProblems)
        if let state {
            checkFiles(state, onDisk)
            try checkLog(state)
        } else {
            for path in onDisk.tsFiles { checkUnnamed(path) }
        }
        return report
    }

    /// Checks only the TsFiles, which never change, beside a running server. Those that are removed meanwhile are passed over.
    package mutating func runOnline() throws(StorageError) -> CheckReport {
        checkVersion()
        let onDisk = FolderListing(fileSystem)
        observer.begins(byteCount: expectedBytes(nil, onDisk, hasLog: false))
        for path in onDisk.tsFiles { checkUnnamed(path) }
        return report
    }

    /// Notes what was found about a file, and tells the observer.
    mutating func finish(_ path: String, _ findings: [CheckFinding]) {
        report.findings += findings
        observer.finished(path, findings: findings)
    }

    private mutating func checkVersion() {
        var findings: [CheckFinding] = []
        do throws(StorageError) {
            try DataFolder.checkVersion(fileSystem)
        } catch {
            findings.append(
                CheckFinding(
                    .damage, .folder, path: DataFolder.versionName, error.message,
                    remedy:
                        "If this is a data folder of this version, write the number \(DataFolder.formatVersion) into it"
                ))
        }
        finish(DataFolder.versionName, findings)
    }

    private mutating func checkCatalog(_ state: CatalogState?, problems: [String]) {
        let remedy = "Restore the data folder from a backup"
        var findings = problems.map {
            CheckFinding(.damage, .catalog, path: Self.catalogName, $0, remedy: remedy)
        }
        if let state {
            findings += CatalogCrossCheck(state).findings
            report.databases = state.databases.count
            report.devices = state.devices.count
            report.series = state.series.count
        }
        finish(Self.catalogName, findings)
    }

    /// The catalog's name in the folder.
    package static let catalogName = "catalog.sqlite"

    private func expectedBytes(_ state: CatalogState?, _ onDisk: FolderListing, hasLog: Bool = true) -> Int {
        let log = !hasLog ? 0 : onDisk.segments.reduce(0) { $0 + ((try? fileSystem.byteCount(of: $1)) ?? 0) }
        guard let state else {
            return log + onDisk.tsFiles.reduce(0) { $0 + ((try? fileSystem.byteCount(of: $1)) ?? 0) }
        }
        // A file with a hash is read twice.
        return state.files.reduce(log) { sum, record in
            let (total, overflows) = sum.addingReportingOverflow(
                Int(clamping: record.byteCount) &* (record.sha256.isEmpty ? 1 : 2))
            return overflows ? sum : max(sum, total)
        }
    }
}

/// What lies in a data folder.
struct FolderListing {
    /// Paths of everything that is named like a TsFile, unfinished ones included.
    private(set) var tsFiles: [String] = []
    /// Paths of everything that is named like a log segment.
    private(set) var segments: [String] = []

    init(_ fileSystem: any StorageFileSystem) {
        for database in list(FileName.folder, fileSystem) {
            for partition in list("\(FileName.folder)/\(database)", fileSystem) {
                let folder = "\(FileName.folder)/\(database)/\(partition)"
                tsFiles += list(folder, fileSystem).filter { FileName(parsing: $0) != nil }.map { "\(folder)/\($0)" }
            }
        }
        segments = list(SegmentName.folder, fileSystem).compactMap(SegmentName.number(of:)).map(SegmentName.path)
    }

    /// Empty for what is no folder.
    private func list(_ path: String, _ fileSystem: any StorageFileSystem) -> [String] {
        (try? fileSystem.list(path)) ?? []
    }
}
