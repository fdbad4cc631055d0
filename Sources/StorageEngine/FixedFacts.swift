// SPDX-License-Identifier: Apache-2.0

import Catalog
import TimeSeriesModel

/// Settings that the data on disk depends on: kept in the catalog, and not to be changed once there is data.
struct FixedFacts {
    private let wanted: [(key: String, value: String)]

    init(_ settings: StorageSettings) {
        wanted = [
            ("timestamp_precision", settings.precision.rawValue),
            ("time_partition_interval", String(settings.partitionIntervalMilliseconds)),
        ]
    }

    /// The values by key.
    var values: [String: String] { Dictionary(uniqueKeysWithValues: wanted.map { ($0.key, $0.value) }) }

    /// Throws if there is data that was written with other values; else records the values where they are new.
    func check(_ state: CatalogState, hasData: Bool, catalog: any StorageCatalog) throws(StorageError) {
        var transaction = CheckpointTransaction()
        for (key, value) in wanted where state.facts[key] != value {
            if let fixed = state.facts[key], hasData {
                throw StorageError(
                    .incompatible,
                    "\(key)=\(value) is configured, but the data folder was filled with \(key)=\(fixed), which cannot "
                        + "change; set it back")
            }
            transaction.facts[key] = value
        }
        guard !transaction.facts.isEmpty else { return }
        do throws(CatalogError) {
            try catalog.commit(transaction)
        } catch {
            throw StorageError(.catalog, error.message)
        }
    }
}
