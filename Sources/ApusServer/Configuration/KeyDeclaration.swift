// SPDX-License-Identifier: Apache-2.0

/// One configuration key without its Swift type: what the template, the documentation, `apus config` and the checks need.
package struct KeyDeclaration: Sendable {
    /// The part of the configuration that a key belongs to; the order is that of the documentation.
    package enum Group: String, Sendable, CaseIterable {
        case mqtt = "MQTT service"
        case payloads = "MQTT payloads"
        case schema = "Schema and types"
        case storage = "Storage"
        case access = "Users"
        case doors = "SQL over HTTP"
        case query = "Queries"
        case log = "Log"
    }

    /// What a key does in this version.
    package enum Effect: Sendable, Equatable {
        case works
        /// Accepted because IoTDB's files have it; setting it to something else than the default is a warning with this
        /// reason.
        case none(String)
        /// Setting it to something else than the default stops the start with this reason.
        case unsupported(String)
    }

    /// The name in files; its upper-case form is the environment variable.
    package let name: String
    package let group: Group
    /// The word in the documentation: `boolean`, `bytes`, ...
    package let type: String
    /// What would be right, for example `a whole number from 0 to 65535`.
    package let allowed: String
    /// The default as it would be written in a file.
    package let defaultText: String
    /// One or two sentences: what it does.
    package let text: String
    /// The default or behaviour of Apache IoTDB where it differs; empty = the same, or no such key there.
    package let difference: String
    /// Older names that are still read.
    package let aliases: [String]
    /// Never shown.
    package let isSecret: Bool
    package let effect: Effect
    /// Values of IoTDB that mean the default here, with a warning.
    package let replacedValues: [String]
    /// Whether a text (trimmed) is a legal value.
    let isValid: @Sendable (String) -> Bool

    /// The names by which a source may give the value, the current one first.
    var names: [String] { [name] + aliases }

    /// The environment variable of one of its names.
    static func environmentVariable(_ name: String) -> String { name.uppercased() }
}
