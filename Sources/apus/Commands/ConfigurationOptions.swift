// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser
import Foundation

/// Where the configuration comes from.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .long],
        help: "The properties file, or a folder that holds one. Otherwise: IOTDB_CONF, IOTDB_HOME/conf, ./conf.")
    var config: String?

    @Option(help: "A key and its value, over file and environment; any number of times.")
    var set: [String] = []

    /// The effective configuration; on an error it says everything that is wrong and exits.
    func load() throws -> ServerConfiguration {
        var sources = ServerConfiguration.Sources(workingFolder: FileManager.default.currentDirectoryPath)
        sources.file = config
        sources.flags = set
        sources.environment = ProcessInfo.processInfo.environment
        do throws(ConfigurationError) {
            let configuration = try ServerConfiguration.load(sources)
            try configuration.check()
            return configuration
        } catch {
            writeError("apus: the configuration is wrong:\n" + error.problems.map { "  \($0)\n" }.joined())
            throw Exit.badConfiguration
        }
    }
}
