// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser

/// `apus check-config`.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check the configuration without starting anything.",
        discussion: """
            Reads flags, environment and file exactly as `apus serve` does. Every problem is listed at once, with place, key,
            value and what would be right; warnings (unknown keys, keys without effect) are listed too.

              apus check-config --config conf/iotdb-engine.properties

            Exit codes: 0 the server would start with it; 2 it would not.
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() throws {
        let configuration = try options.load()
        for warning in configuration.warnings { writeError("warning: \(warning)\n") }
        let files = configuration.files.isEmpty ? "no file" : configuration.files.joined(separator: " over ")
        let changed = configuration.all.filter { $0.origin != .builtIn }.count
        writeOutput("The configuration is good: \(files); \(changed) of \(configuration.all.count) keys are set.\n")
    }
}
