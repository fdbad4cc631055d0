// SPDX-License-Identifier: Apache-2.0

import HTTPService
import Logging
import MQTTService
import NIOCore
import NIOPosix
import PayloadFormats
import ServiceLifecycle
import StorageEngine

/// The doors that the configuration opens, with the event loops that serve them.
struct Doors {
    private let settings: ServerSettings
    private let core: ServerCore
    private let log: ServerLog
    /// One loop a handler; nil without MQTT.
    private let mqttGroup: MultiThreadedEventLoopGroup?
    private let httpGroup: MultiThreadedEventLoopGroup?

    init(settings: ServerSettings, core: ServerCore, log: ServerLog) {
        self.settings = settings
        self.core = core
        self.log = log
        mqttGroup = settings.mqtt == nil ? nil : MultiThreadedEventLoopGroup(numberOfThreads: settings.mqttLoopCount)
        httpGroup = settings.http == nil ? nil : MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// The services, in the order in which they are stopped from the last to the first: MQTT before HTTP.
    func services(
        writeReady: @escaping @Sendable (String) -> Void
    ) throws -> [ServiceGroupConfiguration.ServiceConfiguration] {
        var open: [ReadyLine.Door] = []
        if mqttGroup != nil { open.append(.mqtt) }
        if httpGroup != nil { open.append(.rest) }
        let ready = ReadyLine(open: open, write: writeReady)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if let http = settings.http, let httpGroup {
            services.append(.init(service: httpDoor(http, on: httpGroup, ready)))
        }
        if let mqtt = settings.mqtt, let mqttGroup {
            services.append(.init(service: try mqttDoor(mqtt, on: mqttGroup, ready)))
        }
        if open.isEmpty { ready.allClosed() }
        return services
    }

    /// Ends the event loops.
    func close() async {
        try? await mqttGroup?.shutdownGracefully()
        try? await httpGroup?.shutdownGracefully()
    }

    private func httpDoor(
        _ settings: HTTPServiceSettings, on group: any EventLoopGroup, _ ready: ReadyLine
    ) -> HTTPDoor {
        let storage = core.storage
        let server = HTTPServer(
            settings: settings, query: core.query, access: core.access, metrics: core.metrics,
            isServing: { storage.state.acceptsWrites }, eventLoopGroup: group, logger: log("http"),
            onRunning: { channel in ready.opened(.rest, at: channel.localAddress) })
        return HTTPDoor(server: server, settings: settings)
    }

    private func mqttDoor(
        _ settings: MQTTServiceSettings, on group: any EventLoopGroup, _ ready: ReadyLine
    ) throws -> MQTTDoor {
        let logger = log("mqtt")
        let listener = try MQTTListener(
            settings: settings, ingestion: core.ingestion,
            formatter: JSONPayloadFormatter(settings: self.settings.json), metrics: core.metrics, group: group,
            logger: logger)
        return MQTTDoor(
            listener: listener, settings: settings, onOpen: { ready.opened(.mqtt, at: $0) }, logger: logger)
    }
}
