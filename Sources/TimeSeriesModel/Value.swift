// SPDX-License-Identifier: Apache-2.0

/// One boxed value, for statements, results and tests; hot paths use ``ValueColumn``.
package enum Value: Sendable, Equatable {
    case boolean(Bool)
    case int32(Int32)
    case int64(Int64)
    case float(Float)
    case double(Double)
    /// UTF-8.
    case text([UInt8])
    /// UTF-8.
    case string([UInt8])
    case blob([UInt8])
    /// In the server's precision.
    case timestamp(Int64)
    /// year * 10000 + month * 100 + day.
    case date(Int32)

    package var type: DataType {
        switch self {
        case .boolean: .boolean
        case .int32: .int32
        case .int64: .int64
        case .float: .float
        case .double: .double
        case .text: .text
        case .string: .string
        case .blob: .blob
        case .timestamp: .timestamp
        case .date: .date
        }
    }
}
