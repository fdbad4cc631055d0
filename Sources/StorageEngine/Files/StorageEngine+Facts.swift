// SPDX-License-Identifier: Apache-2.0

import ServerMetrics

extension StorageEngine {
    /// What can be shown of files and memtables now.
    package func facts() -> StorageFacts { memtables.facts() }

    /// Shows files and memtables as metrics.
    func registerFileMetrics() {
        let metrics = environment.metrics
        metrics.observe("apus_tsfiles", help: "TsFiles that the catalog names.") { [memtables] in
            Double(memtables.facts().files.count)
        }
        metrics.observe("apus_tsfile_bytes", help: "Bytes of the TsFiles.") { [memtables] in
            Double(memtables.facts().fileBytes)
        }
        metrics.observe("apus_tsfile_points", help: "Points in TsFiles, overwritten ones included.") { [memtables] in
            Double(memtables.facts().filePoints)
        }
        metrics.observe("apus_tsfiles_damaged", help: "TsFiles that were missing or damaged at start.") { [memtables] in
            Double(memtables.facts().files.count { $0.problem != nil })
        }
        metrics.observe("apus_tsfiles_open", help: "TsFiles held open for reading.") { [files] in
            Double(files.readers.openCount)
        }
        metrics.observe("apus_memtable_points", help: "Points in memtables, overwritten ones included.") {
            [memtables] in
            Double(memtables.facts().memtablePoints)
        }
        metrics.observe("apus_memtables_frozen", help: "Memtables that wait for their flush.") { [memtables] in
            Double(memtables.frozenCount)
        }
    }
}
