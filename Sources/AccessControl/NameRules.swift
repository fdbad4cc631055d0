// SPDX-License-Identifier: Apache-2.0

/// What names of users and passwords may look like (`iotdb-sql.md` section 6).
enum NameRules {
    /// In characters.
    static let lengths = 4...32

    /// Why `name` cannot be a user's; nil if it can.
    static func defect(ofName name: String) -> String? { defect(of: name, what: "name") }

    /// Why `password` cannot be set; nil if it can. Never says what it was.
    static func defect(ofPassword password: String) -> String? { defect(of: password, what: "password") }

    private static func defect(of text: String, what: String) -> String? {
        // Scalars, not characters: a character can be any number of bytes long.
        let length = text.unicodeScalars.count
        if length < lengths.lowerBound {
            return "The length of \(what) must be greater than or equal to \(lengths.lowerBound)"
        }
        if length > lengths.upperBound {
            return "The length of \(what) must be less than or equal to \(lengths.upperBound)"
        }
        let isPrintable = text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
        }
        return isPrintable ? nil : "The \(what) must not contain white space or control characters"
    }
}
