// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What one query holds, against `query_memory_bytes_max`.
final class QueryMemory: Sendable {
    let limit: Int
    private let held = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Bytes held now.
    var used: Int { held.load(ordering: .relaxed) }

    /// Takes bytes; 709 if the query would hold more than the limit.
    func charge(_ bytes: Int) throws(StatementError) {
        let now = held.wrappingAdd(bytes, ordering: .relaxed).newValue
        guard now <= limit else {
            release(bytes)
            throw .outOfMemory(limit: limit)
        }
    }

    func release(_ bytes: Int) { held.wrappingSubtract(bytes, ordering: .relaxed) }

    /// Rows of so many columns that a block may have: a quarter of the memory at most, at least one.
    func rowsMax(columns: Int) -> Int {
        min(ResultBlock.rowsMax, max(1, limit / 4 / max(1, columns * 9)))
    }
}
