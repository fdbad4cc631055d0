// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser

/// `apus version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version of this program.",
        discussion: """
            One line on standard output: name, version, processor architecture, kind of build. A running server tells its own
            version by the statement `show version`, and as the metric apus_build_info.

            Exit code: 0.
            """)

    func run() { writeOutput(ServerVersion.text + "\n") }
}
