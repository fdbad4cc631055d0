// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPService
import Logging
import MQTTService
import NIOCore
import NIOPosix
import PayloadFormats
import ServiceLifecycle
import UnixSignals

/// The whole server: opens everything, serves until SIGTERM or SIGINT, closes everything.
package struct Server: Sendable {
    /// From the signal to the end of the process (design section 7); connections get the first part of it.
    static let stopSecondsMax = 9
    static let doorsStopSecondsMax = 3

    private let configuration: ServerConfiguration
    private let settings: ServerSettings
    private let log: ServerLog
    private let logger: Logger

    /// Checks the configuration; nothing is opened.
    package init(_ configuration: ServerConfiguration) throws(ConfigurationError) {
        self.configuration = configuration
        settings = try ServerSettings(configuration)
        log = ServerLog(configuration)
        logger = log("server")
    }

    /// Runs until SIGTERM, SIGINT or an error. `writeReady` gets the ready line.
    package func run(writeReady: @escaping @Sendable (String) -> Void) async throws {
        try await run(stoppedBy: [.sigterm, .sigint], writeReady: writeReady)
    }

    /// Runs until one of the signals, a graceful shutdown of the service group around it, or an error.
    func run(stoppedBy signals: [UnixSignal], writeReady: @escaping @Sendable (String) -> Void) async throws {
        LargeBlocks.returnToSystem()
        logStart()
        let core = try await onOwnThread(named: "apus-start") { [settings, log] in
            try ServerCore(settings: settings, log: log)
        }
        core.noteDefaultPassword(logger)
        let watchdog = StopWatchdog(seconds: Self.stopSecondsMax, logger: logger)
        defer { watchdog.done() }
        do {
            try await serve(core, stoppedBy: signals, watchdog: watchdog, writeReady: writeReady)
        } catch {
            watchdog.start()
            try? await onOwnThread(named: "apus-stop") { try core.close() }
            throw error
        }
        watchdog.start()
        logger.info("closing: the commit under way is finished, then everything is flushed")
        try await onOwnThread(named: "apus-stop") { try core.close() }
        logger.info("stopped cleanly")
    }

    private func serve(
        _ core: ServerCore, stoppedBy signals: [UnixSignal], watchdog: StopWatchdog,
        writeReady: @escaping @Sendable (String) -> Void
    ) async throws {
        let doors = Doors(settings: settings, core: core, log: log)
        var services = try doors.services(writeReady: writeReady)
        // The last service is the first to be told.
        services.append(.init(service: WatchdogService(watchdog: watchdog)))
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: signals, logger: log("lifecycle"))
        group.maximumGracefulShutdownDuration = .seconds(Self.doorsStopSecondsMax)
        group.logger.logLevel = max(group.logger.logLevel, .warning)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch {
            await doors.close()
            guard watchdog.isStarted else { throw error }
            // It was told to stop: whoever was still being served is cut off, and the rest is closed as it should be.
            logger.warning("not every client could be served to the end: \(error)")
            return
        }
        await doors.close()
    }

    private func logStart() {
        // A reader of our output that goes away is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        let limit = DescriptorLimit.raise().map { "\($0)" } ?? "unknown"
        logger.info(
            "\(ServerVersion.text) starts",
            metadata: [
                "data_dir": "\(settings.dataFolder)", "open_files_max": "\(limit)",
                "configuration":
                    "\(configuration.files.isEmpty ? "none" : configuration.files.joined(separator: ", "))",
            ])
        for warning in configuration.warnings { logger.warning("\(warning)") }
    }
}
