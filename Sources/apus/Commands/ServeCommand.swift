// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser

/// `apus serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server until SIGTERM or SIGINT.",
        discussion: """
            Recovers the data folder, opens the doors, then prints one line on standard output:

              apus is ready: mqtt HOST:PORT, rest HOST:PORT

            The log goes to standard error (log_level, log_format). On SIGTERM or SIGINT the server stops accepting,
            finishes the commit under way, writes everything to TsFiles and ends within 10 seconds. Ending it in any other
            way loses nothing that was acknowledged: the next start recovers it from the log.

              apus serve
              apus serve --config /etc/apus/iotdb-engine.properties --set data_dir=/var/lib/apus
              MQTT_PORT=1884 apus serve --set enable_mqtt_service=true

            Keys: `apus config`, docs/configuration.md.

            Exit codes: 0 stopped cleanly; 1 could not start, or ended by an error; 2 the configuration is wrong; 3 stopping
            took too long and was cut short (nothing is lost); 64 wrong usage.
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try options.load()
        do {
            try await Server(configuration).run(writeReady: writeOutput)
        } catch {
            writeError("apus serve: \(error)\n")
            throw Exit.failed
        }
    }
}
