// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `apus bench`: without a subcommand it publishes over MQTT.
struct BenchGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure a server over MQTT, or the storage engine alone.",
        discussion: """
            `apus bench` alone is `apus bench mqtt`; each subcommand has its own --help.

              apus bench --connections 50 --in-flight 20 --messages 200000
              apus bench storage --parts ingest,lookup

            Exit codes: 0 measured; 1 something failed or was refused; 64 wrong usage.
            """,
        subcommands: [BenchCommand.self, StorageBenchCommand.self],
        defaultSubcommand: BenchCommand.self, helpNames: [.long])
}
