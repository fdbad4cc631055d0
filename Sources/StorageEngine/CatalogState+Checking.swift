// SPDX-License-Identifier: Apache-2.0

import Catalog

extension CatalogState {
    /// No number that rises has ever come so far: what is above is damage, and counting on would overflow.
    private static let numberMax: UInt64 = 1 << 62

    /// Throws ``StorageError/Code/catalog`` where a number cannot be true.
    func checkNumbers() throws(StorageError) {
        try Self.check(flushedThrough, "flushed_through of the checkpoint")
        for file in files {
            try Self.check(file.version, "version of \(file.name)")
            try Self.check(file.order, "file_order of \(file.name)")
            try Self.check(file.throughSequence, "through_sequence of \(file.name)")
        }
        for deletion in deletions { try Self.check(deletion.sequence, "sequence of a deletion") }
    }

    private static func check(_ number: UInt64, _ what: String) throws(StorageError) {
        guard number <= numberMax else {
            throw StorageError(
                .catalog, "the catalog is damaged: \(what) is \(Int64(bitPattern: number)); restore a backup")
        }
    }
}
