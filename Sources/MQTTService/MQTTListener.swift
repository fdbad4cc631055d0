// SPDX-License-Identifier: Apache-2.0

import AccessControl
package import Ingestion
package import Logging
import MQTTBroker
package import NIOCore
import NIOPosix
package import PayloadFormats
package import ServerMetrics

/// The MQTT door: listens, and gives every connection a handler on one of `mqtt_handler_pool_size` event loops.
package final class MQTTListener: Sendable {
    private let context: MQTTServiceContext
    private let group: any EventLoopGroup
    private let registry = ClientRegistry()
    private let anonymous: Principal?

    /// `group` has one loop a handler (`mqtt_handler_pool_size`).
    package init(
        settings: MQTTServiceSettings, ingestion: IngestionService, formatter: any PayloadFormatter,
        metrics: MetricsRegistry, group: any EventLoopGroup, logger: Logger
    ) throws {
        let budget = InFlightBudget(bytesMax: settings.queueBytesMax)
        context = MQTTServiceContext(
            settings: settings, ingestion: ingestion, access: ingestion.access, formatter: formatter, budget: budget,
            metrics: MQTTMetrics(registry: metrics, budget: budget, deadLetters: ingestion.deadLetters), logger: logger)
        self.group = group
        anonymous = try settings.anonymousUser.map { try ingestion.access.ensureUser(named: $0) }
    }

    /// Binds and accepts from now on; the channel tells the port that was bound.
    package func start() async throws -> any Channel {
        let publishers = try await makePublishers()
        let context = self.context, registry = self.registry
        let authenticator = PrincipalAuthenticator(access: context.access, anonymous: anonymous)
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: context.settings.listenBacklog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 16)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2_048, maximum: 65_536)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let publisher = publishers[ObjectIdentifier(channel.eventLoop)] else { return }
                    let handler = MQTTConnectionHandler(
                        authenticator: authenticator, publishHandler: publisher.value, registry: registry,
                        limits: context.settings.limits, events: context.metrics.broker, logger: context.logger)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: context.settings.host, port: context.settings.port)
            .get()
    }

    /// Closes every connection (MQTT 5: 0x8B server shutting down); what is not durable stays unacknowledged.
    /// Returns when all have ended; each is given `BrokerLimits.lingerSeconds` to read it.
    package func closeConnections() async {
        await registry.closeAllAndWait(reason: 0x8b, message: "the server is shutting down")
    }

    private func makePublishers() async throws -> [ObjectIdentifier: NIOLoopBound<LoopPublisher>] {
        var publishers: [ObjectIdentifier: NIOLoopBound<LoopPublisher>] = [:]
        for loop in group.makeIterator() {
            let context = self.context
            publishers[ObjectIdentifier(loop)] = try await loop.submit {
                NIOLoopBound(LoopPublisher(eventLoop: loop, shared: context), eventLoop: loop)
            }.get()
        }
        return publishers
    }
}
