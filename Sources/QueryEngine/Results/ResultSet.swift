// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TimeSeriesModel

/// What a statement answers.
package enum StatementResult: Sendable {
    /// The statement did its work and has no rows.
    case done
    case rows(ResultSet)
}

/// A column of a result, without the Time column.
package struct ResultColumn: Sendable, Equatable {
    /// The exact header (`iotdb-sql.md` sections 4 and 7).
    package let name: String
    package let type: DataType

    package init(name: String, type: DataType) {
        self.name = name
        self.type = type
    }
}

/// The rows of a query, pulled block by block. Dropping it ends the query and frees its snapshot.
package final class ResultSet: Sendable {
    /// What kind of statement made it; doors present the two differently.
    package enum Kind: Sendable {
        /// SELECT.
        case select
        /// SHOW, COUNT, LIST.
        case listing
    }

    package let columns: [ResultColumn]
    /// Whether rows have a Time column in front of the others.
    package let hasTime: Bool
    package let kind: Kind
    private let threads: QueryThreads
    private let source: Mutex<(any BlockSource)?>

    init(
        columns: [ResultColumn], hasTime: Bool, kind: Kind, threads: QueryThreads, source: sending any BlockSource
    ) {
        self.columns = columns
        self.hasTime = hasTime
        self.kind = kind
        self.threads = threads
        self.source = Mutex(source)
    }

    /// The next rows, at least one, at most 4,096; nil = no more. Reads on a query thread; after an error the result is
    /// at its end. One call at a time.
    package func next() async throws(StatementError) -> ResultBlock? {
        try await threads.run { () throws(StatementError) -> ResultBlock? in try self.pull() }
    }

    /// The next rows, read on the calling thread.
    func pull() throws(StatementError) -> ResultBlock? {
        try source.withLock { (source) throws(StatementError) -> ResultBlock? in
            guard let current = source else { return nil }
            do throws(StatementError) {
                while let block = try current.next() {
                    if block.rowCount > 0 { return block }
                }
            } catch {
                source = nil
                throw error
            }
            source = nil
            return nil
        }
    }
}

/// Makes blocks; used by one thread at a time.
protocol BlockSource: AnyObject {
    /// The next rows; an empty block is skipped, nil ends the result. Blocking.
    func next() throws(StatementError) -> ResultBlock?
}
