// SPDX-License-Identifier: Apache-2.0

package import MQTTProtocol
package import NIOCore
import NIOPosix

/// One connection to an MQTT server, for tools and tests; safe to use from any thread.
package final class MQTTClientConnection: Sendable {
    /// What the server offered.
    package let connack: ConnackPacket
    private let eventLoop: any EventLoop
    private let handler: NIOLoopBound<ClientHandler<Publisher>>
    private let ended: EventLoopFuture<MQTTClientError>

    private init(_ parts: Parts, connack: ConnackPacket) {
        self.connack = connack
        eventLoop = parts.eventLoop
        handler = parts.handler
        ended = parts.ended
    }

    private struct Parts: Sendable {
        let eventLoop: any EventLoop
        let handler: NIOLoopBound<ClientHandler<Publisher>>
        let connack: EventLoopFuture<ConnackPacket>
        let ended: EventLoopFuture<MQTTClientError>
    }

    /// Connects and waits for CONNACK.
    package static func connect(
        _ options: ClientOptions, group: any EventLoopGroup
    ) async throws(MQTTClientError) -> MQTTClientConnection {
        let parts = try await ClientTransport.connect(options, group: group) { channel in
            let loop = channel.eventLoop
            let publisher = Publisher(options: options, eventLoop: loop)
            let handler = ClientHandler(options: options, behavior: publisher, eventLoop: loop)
            try channel.pipeline.syncOperations.addHandler(handler)
            return Parts(
                eventLoop: loop, handler: NIOLoopBound(handler, eventLoop: loop), connack: handler.connack,
                ended: publisher.ended)
        }
        do {
            return MQTTClientConnection(parts, connack: try await parts.connack.get())
        } catch {
            throw MQTTClientError.of(error)
        }
    }

    /// Publishes; `completion` is called on the connection's event loop, on QoS 0 as soon as the message is on its way. The
    /// packet identifier is chosen here.
    package func publish(
        _ packet: PublishPacket,
        completion: @escaping @Sendable (Result<PublishAcknowledgement, MQTTClientError>) -> Void
    ) {
        eventLoop.execute {
            let handler = self.handler.value
            handler.write { handler.behavior.publish(packet, output: &$0, completion: completion) }
        }
    }

    /// Publishes and waits for the acknowledgement.
    package func publish(_ packet: PublishPacket) async throws(MQTTClientError) -> PublishAcknowledgement {
        let result = await withCheckedContinuation { continuation in
            publish(packet) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Publishes text and waits for the acknowledgement.
    package func publish(
        _ payload: String, to topic: String, _ qualityOfService: QualityOfService = .atLeastOnce
    ) async throws(MQTTClientError) -> PublishAcknowledgement {
        try await publish(
            PublishPacket(
                topic: ByteBuffer(string: topic), payload: ByteBuffer(string: payload),
                qualityOfService: qualityOfService))
    }

    /// Says DISCONNECT and waits for the end; messages without acknowledgement fail.
    package func disconnect() async {
        eventLoop.execute { self.handler.value.disconnect() }
        _ = await waitUntilClosed()
    }

    /// Ends the connection without a word, as a broken network does.
    package func abort() {
        eventLoop.execute { self.handler.value.fail(MQTTClientError(.closed, "aborted by this client")) }
    }

    /// Waits for the end, and tells why.
    package func waitUntilClosed() async -> MQTTClientError {
        do {
            return try await ended.get()
        } catch {
            return MQTTClientError.of(error)
        }
    }
}
