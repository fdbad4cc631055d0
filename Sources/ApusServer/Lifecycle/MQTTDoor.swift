// SPDX-License-Identifier: Apache-2.0

import Logging
import MQTTService
import NIOCore
import ServiceLifecycle

/// The MQTT door as a service: accepts until the server is told to stop, then closes its connections.
struct MQTTDoor: Service {
    let listener: MQTTListener
    let settings: MQTTServiceSettings
    let onOpen: @Sendable (SocketAddress?) -> Void
    let logger: Logger

    func run() async throws {
        let channel: any Channel
        do {
            channel = try await listener.start()
        } catch {
            throw StartError(
                "cannot listen for MQTT on \(settings.host):\(settings.port) (mqtt_host, mqtt_port): \(error)")
        }
        logger.info("listening", metadata: ["address": "\(ReadyLine.text(channel.localAddress))"])
        onOpen(channel.localAddress)
        await withTaskCancellationOrGracefulShutdownHandler {
            // The channel ends when it is closed below, or by the system.
            try? await channel.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            channel.close(promise: nil)
        }
        logger.info("stopped accepting; connections are told")
        await listener.closeConnections()
    }
}
