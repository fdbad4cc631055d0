// SPDX-License-Identifier: Apache-2.0

/// Why a payload, element, row or column was refused: the codes of `payload-conventions.md` section 1.9.
package enum ProblemCode: UInt8, Sendable, CaseIterable {
    case badUTF8 = 1
    case badJSON = 2
    case badTime = 3
    case missingField = 4
    case wrongShape = 5
    case lengthMismatch = 6
    case typeMismatch = 7
    case valueTooLarge = 8
    case tooManyValues = 9
    case pathLimit = 10
    case badPath = 11
    case unsupportedType = 12
    case denied = 13
    case duplicateKey = 14
    case unknownSeries = 15
    case databaseConflict = 16
    case alignmentMismatch = 17
    /// The time is older than the time to live of the device.
    case outOfTimeToLive = 18
    /// A statement creates a series that exists.
    case seriesExists = 19
    /// A node cannot be a series, a device or a database at the same time.
    case pathConflict = 20

    /// The name in logs, counters and dead letters.
    package var name: String {
        switch self {
        case .badUTF8: "bad_utf8"
        case .badJSON: "bad_json"
        case .badTime: "bad_time"
        case .missingField: "missing_field"
        case .wrongShape: "wrong_shape"
        case .lengthMismatch: "length_mismatch"
        case .typeMismatch: "type_mismatch"
        case .valueTooLarge: "value_too_large"
        case .tooManyValues: "too_many_values"
        case .pathLimit: "path_limit"
        case .badPath: "bad_path"
        case .unsupportedType: "unsupported_type"
        case .denied: "denied"
        case .duplicateKey: "duplicate_key"
        case .unknownSeries: "unknown_series"
        case .databaseConflict: "database_conflict"
        case .alignmentMismatch: "alignment_mismatch"
        case .outOfTimeToLive: "out_of_ttl"
        case .seriesExists: "series_exists"
        case .pathConflict: "path_conflict"
        }
    }

    /// IoTDB's status number where there is one (`mqtt-payloads.md` section 6.4).
    package var statusCode: Int? {
        switch self {
        case .badPath: 509
        case .pathLimit: 526
        case .databaseConflict: 529
        case .alignmentMismatch: 609
        case .outOfTimeToLive: 607
        case .seriesExists: 503
        case .pathConflict: 506
        case .typeMismatch: 614
        case .lengthMismatch, .duplicateKey: 701
        case .denied: 803
        case .unknownSeries: 508
        default: nil
        }
    }
}

/// One refusal: what, where, why and the remedy. It never costs its neighbours (promise P2).
package struct Problem: Sendable, Equatable {
    /// How much of the payload the problem takes with it.
    package enum Extent: UInt8, Sendable, CaseIterable {
        case payload = 0
        case element = 1
        case row = 2
        case column = 3
    }

    package var code: ProblemCode
    package var extent: Extent
    /// Index in a JSON list or line number; -1 where the payload is a single object.
    package var element: Int
    /// Index of the row in its element; -1 where the extent is larger than a row.
    package var row: Int
    /// Device path as sent; empty where unknown.
    package var device: String
    /// One sentence naming the key, the value and the rule.
    package var message: String
    /// Byte offset in the payload; -1 where it makes no sense.
    package var offset: Int

    package init(
        _ code: ProblemCode, _ extent: Extent, element: Int = -1, row: Int = -1, device: String = "",
        offset: Int = -1, _ message: String
    ) {
        self.code = code
        self.extent = extent
        self.element = element
        self.row = row
        self.device = device
        self.offset = offset
        self.message = message
    }
}

/// Oddities that are stored all the same, but counted and reported (`mqtt-payloads.md` sections 2.1-2.7, 3.4).
package enum Oddity: UInt8, Sendable, CaseIterable {
    case repeatedKey
    case bothTimeKeys
    case fractionalTimestamp
    case nullText
    case inexactInteger
    case suspiciousTimestamp
    case alignmentIgnored

    /// The label of its counter.
    package var name: String {
        switch self {
        case .repeatedKey: "repeated_key"
        case .bothTimeKeys: "both_time_keys"
        case .fractionalTimestamp: "fractional_timestamp"
        case .nullText: "null_text"
        case .inexactInteger: "inexact_integer"
        case .suspiciousTimestamp: "suspicious_timestamp"
        case .alignmentIgnored: "alignment_ignored"
        }
    }
}
