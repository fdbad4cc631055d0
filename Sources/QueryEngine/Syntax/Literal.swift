// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A constant of a statement, with its text as typed where that is printed.
enum Literal: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64, text: String)
    case decimal(Double, text: String)
    case string(String)
    case binary([UInt8])
    /// A date-time or `now()`, already in the server's precision.
    case timestamp(Timestamp, text: String)

    /// As a result header shows it.
    var printed: String {
        switch self {
        case .null: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(_, let text), .decimal(_, let text), .timestamp(_, let text): text
        case .string(let text): "\"" + text + "\""
        case .binary(let bytes): "X'" + HexText.text(bytes) + "'"
        }
    }
}
