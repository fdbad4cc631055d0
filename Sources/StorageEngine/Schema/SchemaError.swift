// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Why a database, device or series cannot be created.
package struct SchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    package var code: ProblemCode
    /// One sentence with the rule and, for limits, the key.
    package var message: String

    package init(_ code: ProblemCode, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// Fixed limits of the schema; the configured ones are in ``StorageSettings``.
package enum SchemaLimits {
    /// `mqtt-payloads.md` section 6.3.
    package static let databaseNameCharactersMax = 64
    /// What `database_limit_threshold` = -1 means.
    package static let databasesDefault = 1_000
    /// What an entry costs beside its names, for `schema_memory_max_bytes`. Measured in a release build: 1 million series in 10,000
    /// devices take 151 MiB with names of 2 bytes and 230 MiB with names of 20; 500,000 devices of one series 280 MiB. The
    /// estimates are somewhat above, because tables that have just grown are half empty.
    static let databaseBytes = 400
    static let deviceBytes = 350
    static let seriesBytes = 200
}
