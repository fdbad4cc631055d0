// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel

/// The TsFiles of one moment. Immutable; a change makes another set. Where files overlap, the higher order wins.
struct FileSet: Sendable {
    /// Rises with every change.
    let generation: UInt64
    /// By database and partition, the newest first; those of several partitions apart.
    private let partitions: [DatabaseID: [Int64: [StoredFile]]]
    private let spanning: [DatabaseID: [StoredFile]]

    /// A set of files.
    init(_ files: [StoredFile], generation: UInt64 = 0) {
        self.generation = generation
        var partitions: [DatabaseID: [Int64: [StoredFile]]] = [:]
        var spanning: [DatabaseID: [StoredFile]] = [:]
        for file in files.sorted(by: { $0.record.order > $1.record.order }) {
            let database = DatabaseID(rawValue: file.record.databaseID)
            if file.record.partitions.count == 1 {
                partitions[database, default: [:]][file.record.partition, default: []].append(file)
            } else {
                spanning[database, default: []].append(file)
            }
        }
        self.partitions = partitions
        self.spanning = spanning
    }

    /// The set without some files and with others, which may be other records of those.
    func replacing(_ removed: [StoredFile], with added: [StoredFile]) -> FileSet {
        let versions = Set(removed.map(\.record.version))
        return FileSet(all().filter { !versions.contains($0.record.version) } + added, generation: generation + 1)
    }

    /// Every file, by version.
    func all() -> [StoredFile] {
        let own = partitions.values.flatMap { $0.values.flatMap { $0 } }
        return (own + spanning.values.flatMap { $0 }).sorted { $0.record.version < $1.record.version }
    }

    /// The files of a database that may have points in a time range, in no order.
    func files(of database: DatabaseID, in range: TimeRange) -> [StoredFile] {
        let own = partitions[database]?.values.flatMap { $0.filter { $0.timeRange.overlaps(range) } } ?? []
        return own + (spanning[database]?.filter { $0.timeRange.overlaps(range) } ?? [])
    }
}
