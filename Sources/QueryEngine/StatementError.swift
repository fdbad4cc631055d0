// SPDX-License-Identifier: Apache-2.0

/// Why a statement failed: IoTDB's status code (`iotdb-rpc.md` section 6) and one line for people.
package struct StatementError: Error, Sendable, Equatable, CustomStringConvertible {
    package let code: Int
    /// One line, without a trailing line break.
    package let message: String

    package init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(code): \(message)" }

    /// 300: the statement is understood and legal, but not built.
    static func unsupported(_ what: String) -> StatementError {
        StatementError(code: 300, message: "\(what) is not supported yet")
    }

    /// 301: the statement cannot be executed as things are.
    static func failed(_ message: String) -> StatementError { StatementError(code: 301, message: message) }

    /// 700: not in the grammar. `line` and `column` count from 1 and 0, as IoTDB's do.
    static func parsing(line: Int, column: Int, _ message: String) -> StatementError {
        StatementError(
            code: 700,
            message: "Error occurred while parsing SQL to physical plan: line \(line):\(column) \(message)")
    }

    /// 701: well-formed, but without sense.
    static func semantic(_ message: String) -> StatementError { StatementError(code: 701, message: message) }

    /// 708: failed while rows were being read.
    static func running(_ message: String) -> StatementError { StatementError(code: 708, message: message) }

    /// 709: over the memory of one query.
    static func outOfMemory(limit: Int) -> StatementError {
        StatementError(
            code: 709,
            message: "the query needs more than the \(limit) bytes of query_memory_bytes_max; "
                + "select fewer series, add a time condition, or raise the key")
    }

    /// 803: the right is missing.
    static func denied(_ privilege: String, on pattern: String) -> StatementError {
        StatementError(
            code: 803,
            message: "No permissions for this operation, please add privilege \(privilege) on [\(pattern)]")
    }
}
