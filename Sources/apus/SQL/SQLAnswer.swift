// SPDX-License-Identifier: Apache-2.0

/// What a statement answered, as the command line shows it.
enum SQLAnswer: Sendable, Equatable {
    /// No rows; the statement did its work.
    case done
    case rows(SQLRows)
}

/// A result, column by column.
struct SQLRows: Sendable, Equatable {
    var columns: [SQLColumn]
    /// One per row; nil = the result has no Time column.
    var times: [Int64]?
    /// Parallel to `columns`; each as long as there are rows.
    var values: [[SQLCell]]

    /// How many rows there are.
    var count: Int { times?.count ?? values.first?.count ?? 0 }
}

/// A column without its cells.
struct SQLColumn: Sendable, Equatable {
    var name: String
    /// The type's name, for example `DOUBLE`.
    var type: String
}

/// One cell.
enum SQLCell: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
}

/// Why a statement has no answer.
enum SQLClientError: Error, Sendable, Equatable {
    /// The server could not be reached, or the connection broke.
    case unreachable(String)
    /// The credentials were refused.
    case unauthorized(String)
    /// The server refused the statement: IoTDB's status code and one line.
    case refused(code: Int, message: String)
    /// The answer is none that this program understands.
    case unreadable(String)

    /// One line for people.
    var message: String {
        switch self {
        case .unreachable(let why): "cannot reach the server: \(why)"
        case .unauthorized(let why): "login refused: \(why)"
        case .refused(let code, let message): "\(code): \(message)"
        case .unreadable(let why): "the server's answer cannot be read: \(why)"
        }
    }

    /// What `apus sql` exits with: 1 = a statement was refused, 3 = no server, or no login.
    var exitCode: Int32 {
        switch self {
        case .refused: 1
        case .unreachable, .unauthorized, .unreadable: 3
        }
    }
}
