// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Ends the process if stopping takes too long. That loses nothing: what was acknowledged is in the log, and the next
/// start recovers it.
final class StopWatchdog: Sendable {
    /// The exit code of a stop that was cut short.
    static let exitCode: Int32 = 3

    private let seconds: Int
    private let logger: Logger
    private let started = Atomic(false)
    private let isDone = Atomic(false)

    init(seconds: Int, logger: Logger) {
        self.seconds = seconds
        self.logger = logger
    }

    /// Whether the server was told to stop.
    var isStarted: Bool { started.load(ordering: .acquiring) }

    /// The clock runs from the first call on.
    func start() {
        guard !started.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let thread = Thread { [self] in
            Thread.sleep(forTimeInterval: TimeInterval(seconds))
            guard !isDone.load(ordering: .acquiring) else { return }
            logger.error("stopping took longer than \(seconds) s; ending now, the next start recovers from the log")
            exit(Self.exitCode)
        }
        thread.name = "apus-watchdog"
        thread.start()
    }

    /// Everything is closed in time.
    func done() { isDone.store(true, ordering: .releasing) }
}

/// Starts the watchdog when the server is told to stop.
struct WatchdogService: Service {
    let watchdog: StopWatchdog

    func run() async throws {
        // Signals reach this service like the doors; it has nothing to serve meanwhile. An error of
        // a door cancels it, which is no stop that was asked for.
        try await gracefulShutdown()
        watchdog.start()
    }
}
