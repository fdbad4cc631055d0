// SPDX-License-Identifier: Apache-2.0

package import Catalog

/// What can be shown of a TsFile.
package struct FileFacts: Sendable, Equatable {
    /// As the catalog knows it.
    package let record: FileRecord
    /// Why it cannot be read, or what a reader found to be wrong with it; nil if all is well as far as is known.
    package let problem: String?
}

/// What can be shown of the points that a snapshot sees.
package struct StorageFacts: Sendable, Equatable {
    /// By version.
    package let files: [FileFacts]
    /// Memtables that wait for their flush or get points.
    package let memtableCount: Int
    /// Points in memtables, overwritten ones included.
    package let memtablePoints: Int
    /// Memory of the memtables.
    package let memtableBytes: Int

    /// Points in files, overwritten ones included.
    package var filePoints: UInt64 { files.reduce(0) { $0 + $1.record.pointCount } }
    /// Bytes of all files.
    package var fileBytes: UInt64 { files.reduce(0) { $0 + $1.record.byteCount } }
}

extension MemtableSet {
    /// What there is at this moment.
    package func facts() -> StorageFacts {
        let view = view()
        return StorageFacts(
            files: view.files.all().map { FileFacts(record: $0.record, problem: $0.damage?.message) },
            memtableCount: view.memtables.count,
            memtablePoints: view.memtables.reduce(0) { $0 + $1.pointCount },
            memtableBytes: view.memtables.reduce(0) { $0 + $1.byteCount })
    }
}
