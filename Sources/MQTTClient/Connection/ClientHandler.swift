// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// The client end of one MQTT connection: handshake, packets, end. What happens in between is the behavior's.
final class ClientHandler<Behavior: ClientBehavior>: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let behavior: Behavior
    private let connectPacket: ConnectPacket
    private let connackPromise: EventLoopPromise<ConnackPacket>
    private var frames = FrameReader(from: .server, remainingLengthMax: 1 << 20)
    private var output = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var isConnected = false
    private var failure: MQTTClientError?
    private var isFlushScheduled = false
    private var timeout: Scheduled<Void>?
    private var pings: RepeatedTask?
    private let connectTimeout: TimeAmount

    init(options: ClientOptions, behavior: Behavior, eventLoop: any EventLoop) {
        self.behavior = behavior
        connectPacket = options.connectPacket
        connectTimeout = .seconds(Int64(options.connectTimeoutSeconds))
        connackPromise = eventLoop.makePromise()
    }

    /// CONNACK, or why there is none.
    var connack: EventLoopFuture<ConnackPacket> { connackPromise.futureResult }

    var version: ProtocolVersion { connectPacket.version }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Also where the network connection never came about.
        fail(MQTTClientError(.disconnected, "the connection is gone"))
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) { start(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        frames.append(unwrapInboundIn(data))
        do throws(PacketError) {
            while failure == nil, let frame = try frames.next() { try receive(frame) }
        } catch {
            fail(MQTTClientError.of(error))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        frames.burstEnded()
        if isConnected, failure == nil { behavior.burstEnded(output: &output) }
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable, isConnected, failure == nil else { return }
        behavior.becameWritable(output: &output)
        flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(MQTTClientError(.disconnected, "the server closed the connection"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(MQTTClientError.of(error)) }

    // MARK: For the behavior and its owner

    /// Whether the socket takes more.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// Lets `body` append packets; they leave before the event loop waits again, together with what else is appended by
    /// then.
    func write(_ body: (inout ByteBuffer) -> Void) {
        body(&output)
        guard !isFlushScheduled, output.readableBytes > 0, let context else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushScheduled = false
            self.flush()
        }
    }

    /// Says DISCONNECT and closes.
    func disconnect() {
        guard failure == nil, isConnected else {
            return fail(MQTTClientError(.closed, "closed before it was connected"))
        }
        Packet.disconnect(DisconnectPacket()).encode(into: &output, version)
        flush()
        fail(MQTTClientError(.closed, "disconnected by this client"))
    }

    /// Ends the connection without a word.
    func fail(_ error: MQTTClientError) {
        guard failure == nil else { return }
        failure = error
        timeout?.cancel()
        pings?.cancel()
        connackPromise.fail(error)
        behavior.closed(error)
        context?.close(promise: nil)
    }

    // MARK: Packets

    private func start(_ context: ChannelHandlerContext) {
        connectPacket.encode(into: &output)
        flush()
        timeout = context.eventLoop.assumeIsolated().scheduleTask(in: connectTimeout) {
            self.fail(MQTTClientError(.timeout, "no CONNACK in time"))
        }
    }

    private func receive(_ frame: Frame) throws(PacketError) {
        switch frame.type {
        case .connack: try receiveConnack(frame)
        case .disconnect:
            let packet = try DisconnectPacket.decode(frame.body, version, from: .server)
            let why = packet.properties.reasonString.map { ": \($0)" } ?? ""
            fail(MQTTClientError(.disconnected, reason: packet.reason, "the server sent DISCONNECT\(why)"))
        default: try behavior.received(frame, output: &output)
        }
    }

    private func receiveConnack(_ frame: Frame) throws(PacketError) {
        guard !isConnected else { throw .protocolError("a second CONNACK") }
        let packet = try ConnackPacket.decode(frame.body, version)
        guard packet.reason == .success else {
            let why = packet.properties.reasonString ?? "the server refused the connection"
            return fail(MQTTClientError(.refused, reason: packet.reason, why))
        }
        timeout?.cancel()
        frames.version = version
        frames.remainingLengthMax = VariableByteInteger.max
        isConnected = true
        connackPromise.succeed(packet)
        behavior.connected(packet, output: &output)
        schedulePings(packet.properties.integer(.serverKeepAlive) ?? Int(connectPacket.keepAliveSeconds))
    }

    private func schedulePings(_ keepAliveSeconds: Int) {
        guard keepAliveSeconds > 0, let context else { return }
        // Twice in a keep-alive: one may be late.
        let interval = TimeAmount.milliseconds(Int64(keepAliveSeconds) * 500)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        pings = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.write { Packet.pingreq.encode(into: &$0, bound.value.version) }
        }
    }

    private func flush() {
        guard output.readableBytes > 0, let context else { return }
        // Cleared first: the write may call `channelWritabilityChanged`, which appends and flushes again.
        let bytes = output
        output.clear()
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
}
