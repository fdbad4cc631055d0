// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser

/// `apus config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show every effective value and where it comes from.",
        discussion: """
            Takes flags, environment and file as `apus serve` does. Secrets are shown as stars.

              apus config
              apus config --changed --config /etc/apus
              apus config --template > iotdb-engine.properties      a file with every key explained

            Exit codes: 0 done; 2 the configuration is wrong.
            """)

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Only keys that a file, a variable or a flag sets.")
    var changed = false

    @Flag(help: "Print the shipped configuration file instead.")
    var template = false

    @Flag(help: "Print docs/configuration.md instead.")
    var markdown = false

    func run() throws {
        if template { return writeOutput(ConfigurationDocument.template()) }
        if markdown { return writeOutput(ConfigurationDocument.markdown()) }
        let configuration = try options.load()
        for warning in configuration.warnings { writeError("warning: \(warning)\n") }
        let shown = configuration.all.filter { !changed || $0.origin != .builtIn }
        let width = shown.map { $0.key.name.count + $0.shownText.count + 1 }.max() ?? 0
        for setting in shown {
            let text = "\(setting.key.name)=\(setting.shownText)"
            let padding = String(repeating: " ", count: max(0, min(width, 60) - text.count))
            writeOutput("\(text)\(padding)  # \(setting.origin)\n")
        }
    }
}
