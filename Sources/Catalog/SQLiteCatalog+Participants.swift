// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

extension SQLiteCatalog {
    package func entries(
        of participant: UInt8, after: [UInt8]?, limit: Int
    ) throws(CatalogError) -> [ParticipantEntry] {
        guard limit > 0 else { return [] }
        return try read { database in
            var entries: [ParticipantEntry] = []
            let bound = after == nil ? "" : "AND key > ?"
            var arguments: StatementArguments = [participant]
            if let after { arguments += [Data(after)] }
            arguments += [limit]
            try Self.rows(
                of: "participant_state", ["key", "value"], "WHERE participant = ? \(bound) ORDER BY key LIMIT ?",
                arguments: arguments, in: database
            ) { row in
                entries.append(ParticipantEntry(key: try row.bytes(0), value: try row.bytes(1)))
            }
            return entries
        }
    }
}
