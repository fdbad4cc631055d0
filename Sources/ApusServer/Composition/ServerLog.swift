// SPDX-License-Identifier: Apache-2.0

import Logging

/// Gives every room a logger with its name.
struct ServerLog: Sendable {
    private let make: @Sendable (String) -> Logger

    init(_ configuration: ServerConfiguration) {
        let format = LogFormat(rawValue: configuration[LogKeys.format]) ?? .text
        let level = Logger.Level(rawValue: configuration[LogKeys.level]) ?? .info
        let sink = StandardErrorSink()
        make = { room in
            Logger(label: "apus.\(room)") { label in
                LineLogHandler(label: label, format: format, sink: sink, clock: SystemWallClock(), logLevel: level)
            }
        }
    }

    /// `server`, `storage`, `mqtt`, ...
    func callAsFunction(_ room: String) -> Logger { make(room) }
}
