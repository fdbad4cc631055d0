// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Makes the network connection of a client.
enum ClientTransport {
    /// Connects; `initialize` adds the handlers on the channel's event loop and returns what the caller needs of them.
    static func connect<Output: Sendable>(
        _ options: ClientOptions, group: any EventLoopGroup,
        initialize: @escaping @Sendable (any Channel) throws -> Output
    ) async throws(MQTTClientError) -> Output {
        do {
            return try await ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.maxMessagesPerRead, value: 16)
                .channelOption(
                    .recvAllocator,
                    value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2_048, maximum: 65_536)
                )
                .connectTimeout(.seconds(Int64(options.connectTimeoutSeconds)))
                .connect(host: options.host, port: options.port) { channel in
                    channel.eventLoop.makeCompletedFuture { try initialize(channel) }
                }
        } catch let error as MQTTClientError {
            throw error
        } catch {
            throw MQTTClientError(.unreachable, "\(options.host):\(options.port): \(error)")
        }
    }
}
