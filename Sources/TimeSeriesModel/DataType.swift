// SPDX-License-Identifier: Apache-2.0

/// The type of a series. Raw values are the TsFile ids (`tsfile.md` section 4), used on disk and in the log.
package enum DataType: UInt8, Sendable, CaseIterable {
    case boolean = 0
    case int32 = 1
    case int64 = 2
    case float = 3
    case double = 4
    case text = 5
    case timestamp = 8
    case date = 9
    case blob = 10
    case string = 11

    /// The name in SQL, payloads and result headers, for example `INT32`.
    @inlinable
    package var name: String {
        switch self {
        case .boolean: "BOOLEAN"
        case .int32: "INT32"
        case .int64: "INT64"
        case .float: "FLOAT"
        case .double: "DOUBLE"
        case .text: "TEXT"
        case .timestamp: "TIMESTAMP"
        case .date: "DATE"
        case .blob: "BLOB"
        case .string: "STRING"
        }
    }

    /// The type with this upper-case name; nil for any other text, lower case included.
    package init?(name: String) {
        guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = type
    }

    /// As ``init(name:)-(String)``, without making a string.
    package init?(name: Span<UInt8>) {
        for type in Self.allCases where Self.isEqual(name, type.name) {
            self = type
            return
        }
        return nil
    }

    private static func isEqual(_ bytes: Span<UInt8>, _ name: String) -> Bool {
        var index = 0
        for byte in name.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        return index == bytes.count
    }

    /// Whether values are byte strings (TEXT, STRING, BLOB) and live in ``ValueColumn/bytes``.
    @inlinable
    package var isVariableLength: Bool {
        switch self {
        case .text, .string, .blob: true
        default: false
        }
    }

    /// Whether sum and avg accept the type.
    @inlinable
    package var isNumeric: Bool {
        switch self {
        case .int32, .int64, .float, .double: true
        default: false
        }
    }
}
