// SPDX-License-Identifier: Apache-2.0

/// Which statements a door takes at one of its entries: REST has one for queries and one for the rest, and a statement that
/// came to the wrong one must not do its work (`iotdb-rest.md` section 1).
package enum AcceptedStatements: Sendable {
    case all
    /// SELECT, SHOW, COUNT, LIST.
    case queries
    /// Everything without rows.
    case commands

    /// 301 for a statement that is not accepted.
    func check(_ statement: Statement) throws(StatementError) {
        switch (self, statement.hasRows) {
        case (.all, _), (_, nil), (.queries, true), (.commands, false): return
        case (.queries, false):
            throw .failed("EXECUTE_STATEMENT_ERROR: the statement has no rows; send it to nonQuery")
        case (.commands, true):
            throw .failed("EXECUTE_STATEMENT_ERROR: the statement is a query; send it to query")
        }
    }
}

extension Statement {
    /// Whether the statement answers rows. What is not built yet passes, so that its own error is told.
    fileprivate var hasRows: Bool? {
        switch self {
        case .select, .show, .count, .users(.list), .users(.listPrivileges): true
        case .unsupported: nil
        default: false
        }
    }
}
