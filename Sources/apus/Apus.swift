// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line; each command is a file of `Commands/` or `SQL/`.
@main
struct Apus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus",
        abstract: "A time-series server that devices publish to over MQTT.",
        discussion: """
            Start with `apus serve`; publish with any MQTT client; read back with `apus sql`.

            Exit codes of all commands: 0 done; 1 it failed, and standard error says why; 2 the configuration is wrong;
            64 wrong usage. `apus sql` and `apus serve` have some more, which their --help lists.
            """,
        subcommands: [
            ServeCommand.self, SQLCommand.self, CheckConfigCommand.self, ConfigCommand.self, UserCommand.self,
            CheckCommand.self, InspectCommand.self, BackupCommand.self, RestoreCommand.self,
            ExportCommand.self, ImportCommand.self,
            BenchGroup.self, VersionCommand.self,
        ])
}
