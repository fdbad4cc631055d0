// SPDX-License-Identifier: Apache-2.0

package import Logging
import MQTTProtocol
package import NIOCore

/// One MQTT connection: cuts what is read into packets, asks the ``ConnectionStateMachine`` about each and does what it says.
///
/// The only handler of its channel. The answers to everything of one socket read leave in one write. Reading stops by
/// holding back the channel's own `read`, so that TCP slows the client down.
package final class MQTTConnectionHandler<A: Authenticator, P: PublishHandler>: ChannelDuplexHandler
where A.Identity == P.Identity {
    /// Bytes from the socket.
    package typealias InboundIn = ByteBuffer
    /// Never used: nothing behind this handler writes.
    package typealias OutboundIn = Never
    /// Bytes to the socket.
    package typealias OutboundOut = ByteBuffer

    let authenticator: A
    let publishHandler: P
    let registry: ClientRegistry
    let limits: BrokerLimits
    let events: BrokerEvents
    let logger: Logger

    var context: ChannelHandlerContext?
    var pump: PacketPump
    var clock: ConnectionClock?
    /// What the publish handler keeps; from CONNACK to the end.
    var session: PublishSession<P>?
    /// The number in the registry; nil = not accepted there.
    var number: UInt64?
    var isFinished = false
    /// What the registry knows of our unfinished packet.
    var unfinishedBytes = 0
    /// Whether the loop over the packets runs.
    var isProcessing = false

    /// Why the socket is not read.
    var holds: ReadHolds = []
    /// Whether the channel asked for a read that was held back.
    var isReadHeld = false

    /// Whether a method of the publish handler runs, which may call back.
    var isDispatching = false
    var deferred = DeferredCalls()

    var timer: NIOScheduledCallback?
    var timerDeadline: NIODeadline?
    var lostMessage = "the connection ended without DISCONNECT"

    /// A handler for one channel, on whose event loop `publishHandler` lives.
    package init(
        authenticator: A, publishHandler: P, registry: ClientRegistry, limits: BrokerLimits, events: BrokerEvents,
        logger: Logger
    ) {
        self.authenticator = authenticator
        self.publishHandler = publishHandler
        self.registry = registry
        self.limits = limits
        self.events = events
        self.logger = logger
        pump = PacketPump(limits: limits)
    }

    /// Begins if the channel is active already.
    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { start(context) }
    }

    /// Lets go of the channel.
    package func handlerRemoved(context: ChannelHandlerContext) {
        connectionEnded()
        self.context = nil
    }

    /// The connection is accepted.
    package func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    /// Takes what was read.
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        pump.burst.bytes += bytes.readableBytes
        guard !isFinished else { return }
        pump.frames.append(bytes)
        process()
    }

    /// A socket read is over.
    package func channelReadComplete(context: ChannelHandlerContext) {
        burstEnded()
        context.fireChannelReadComplete()
    }

    /// The channel would like to read.
    package func read(context: ChannelHandlerContext) {
        if holds.isEmpty || isFinished { context.read() } else { isReadHeld = true }
    }

    /// A client that does not read its acknowledgements is not read either.
    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { release(.output) } else { hold(.output) }
        context.fireChannelWritabilityChanged()
    }

    /// The connection is gone.
    package func channelInactive(context: ChannelHandlerContext) {
        connectionEnded()
        context.fireChannelInactive()
    }

    /// The socket has failed.
    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lostMessage = "\(error)"
        context.close(promise: nil)
    }
}

/// Why the socket of a connection is not read.
struct ReadHolds: OptionSet {
    let rawValue: UInt8

    /// The client's credentials are being checked.
    static let authentication = ReadHolds(rawValue: 1)
    /// The publish handler said so.
    static let publishHandler = ReadHolds(rawValue: 2)
    /// The client does not read.
    static let output = ReadHolds(rawValue: 4)
    /// Too many acknowledgements wait.
    static let acknowledgements = ReadHolds(rawValue: 8)
    /// The end is decided, but has to wait for acknowledgements.
    static let draining = ReadHolds(rawValue: 16)
}

/// What a publish handler asked for while it was being called.
struct DeferredCalls {
    var durableTicket: UInt64 = 0
    var resumes = false
    var closing: Closing?

    var isEmpty: Bool { durableTicket == 0 && !resumes && closing == nil }
}
