// SPDX-License-Identifier: Apache-2.0

import Configuration
import Synchronization

/// The effective configuration: `--set` over environment over file over default (design section 7).
package struct ServerConfiguration: Sendable {
    /// The value of one key.
    package struct Setting: Sendable {
        package let key: KeyDeclaration
        /// As it was written, trimmed.
        package let text: String
        package let origin: ConfigurationOrigin

        /// The text, or stars for a secret.
        package var shownText: String { key.isSecret && !text.isEmpty ? "******" : text }
    }

    /// Where to look for values.
    package struct Sources: Sendable {
        /// `--config`.
        package var file: String?
        /// `--set key=value`, in order.
        package var flags: [String] = []
        package var environment: [String: String] = [:]
        package var workingFolder: String

        package init(workingFolder: String) { self.workingFolder = workingFolder }
    }

    /// The files that were read, the first wins.
    package let files: [String]
    /// One sentence each; they do not stop the start.
    package let warnings: [String]
    private let settings: [String: Setting]

    /// Every setting in the order of the documentation.
    package var all: [Setting] { KeyDeclaration.all.compactMap { settings[$0.name] } }

    /// The value of a key.
    package subscript<Value>(key: ConfigurationKey<Value>) -> Value {
        guard let setting = settings[key.declaration.name], let value = key.read(setting.text) else {
            // Only a key that is missing in the table, which a test would have found: texts are checked before.
            preconditionFailure("the key \(key.declaration.name) is not in the table")
        }
        return value
    }

    /// The value as an error names it: key, value and place.
    func setting(_ name: String) -> Setting? { settings[name] }

    /// Finds, reads and checks everything; all problems are reported at once.
    package static func load(_ sources: Sources) throws(ConfigurationError) -> ServerConfiguration {
        let finder = ConfigurationFiles(
            flag: sources.file, environment: sources.environment, workingFolder: sources.workingFolder)
        let files = try finder.find()
        var places = [
            try ConfigurationSource(flags: sources.flags), ConfigurationSource(environment: sources.environment),
        ]
        for file in files { places.append(try ConfigurationFiles.read(file)) }
        return try ServerConfiguration(places: places, files: files)
    }

    private init(places: [ConfigurationSource], files: [String]) throws(ConfigurationError) {
        let reader = ConfigReader(providers: places)
        var settings: [String: Setting] = [:]
        var check = ConfigurationCheck()
        for key in KeyDeclaration.all {
            // The reader decides which place wins; the place then tells the origin.
            let text = reader.string(forKey: ConfigKey([key.name]), isSecret: key.isSecret)
            let winner = text == nil ? nil : places.lazy.compactMap { $0.entries[key.name] }.first
            settings[key.name] = check.setting(key, winner)
        }
        check.unknownNames(places.flatMap(\.unknown))
        if files.isEmpty { check.warnings.append("no configuration file found: every key has its default") }
        self.files = files
        self.settings = settings
        warnings = check.warnings
        guard check.problems.isEmpty else { throw ConfigurationError(check.problems) }
        try checkTogether()
    }
}
