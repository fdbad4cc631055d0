// SPDX-License-Identifier: Apache-2.0

import DequeModule
import MQTTProtocol
import NIOCore

/// The protocol of one connection without its socket and its clock: takes packets and events, decides, appends answers to
/// ``answers`` and says what else is to be done (`mqtt-broker.md`).
struct ConnectionStateMachine: ~Copyable {
    /// Where the connection stands.
    enum Phase: Equatable {
        /// Only CONNECT is taken.
        case awaitingConnect
        /// CONNECT is judged; what came after it waits.
        case authenticating
        /// CONNACK said yes.
        case connected
        /// Nothing more is taken; the connection ends when the acknowledgements before its end are out.
        case draining
        /// Over.
        case ended
    }

    /// What the owner has to do about a packet, beside sending ``answers``.
    enum Action {
        /// Nothing.
        case proceed
        /// Ask the authenticator; then call ``accept()`` or ``refuse(_:message:)``.
        case authenticate(AuthenticationRequest)
        /// Hand the message over; then call ``settle(_:_:)`` with the receipt.
        case publish(IncomingPublish, PublishReceipt)
        /// End the connection.
        case end(Ending)
    }

    /// What is to be acknowledged when a message is settled.
    struct PublishReceipt: Equatable {
        var qualityOfService: QualityOfService
        /// 0 on QoS 0.
        var packetIdentifier: UInt16
    }

    /// What a QoS 2 identifier of the client is in, if it is not free (`mqtt-broker.md` section 5).
    enum IncomingExchange: UInt8 {
        /// Its message is on its way to the disk; PUBREC comes with the commit.
        case committing
        /// PUBREC was sent; waits for PUBREL.
        case received
    }

    let limits: BrokerLimits
    /// Whether the peer is this machine.
    var isLoopback = false
    var phase = Phase.awaitingConnect
    /// The client's, from CONNECT on.
    var version = ProtocolVersion.v3_1_1
    /// As sent or assigned; empty before CONNECT.
    var clientID = ""
    var userName: String?
    var isClientIDAssigned = false
    /// Seconds; 0 = off.
    var keepAliveSeconds: UInt16 = 0
    /// The message to publish if the connection ends abnormally.
    var will: IncomingPublish?

    /// Bytes for the client, in order.
    var answers = ByteBuffer()
    /// The largest packet that the client takes.
    var clientPacketBytesMax = Int.max
    /// Whether reason strings may be in any packet.
    var wantsProblemInformation = true
    /// Seconds that the client asked for; its session ends with the connection all the same.
    var requestedSessionExpiry = 0

    /// Acknowledgements that wait for the disk, or behind one that does, in the order of their messages.
    var waiting: Deque<WaitingAcknowledgement> = []
    /// The last batch that is known to be durable.
    var durableTicket: UInt64 = 0
    var incomingExchanges: [UInt16: IncomingExchange] = [:]
    /// QoS 1 and 2 messages that count toward the Receive Maximum.
    var unacknowledged = 0
    /// By alias - 1; a buffer without bytes = not set.
    var aliases: [ByteBuffer] = []

    init(limits: BrokerLimits) { self.limits = limits }

    /// Whether the next packet may be given to ``receive(_:)``.
    var takesPackets: Bool { phase == .connected || phase == .awaitingConnect }

    /// Whether so many acknowledgements wait that nothing more should be read.
    var hasTooManyWaiting: Bool { waiting.count >= limits.waitingAcknowledgementsMax }

    /// Whether reading may go on after ``hasTooManyWaiting``.
    var hasFewWaiting: Bool { waiting.count <= limits.waitingAcknowledgementsMax / 2 }

    /// Takes the answers so far; nil = there are none.
    mutating func takeAnswers() -> ByteBuffer? {
        guard answers.readableBytes > 0 else { return nil }
        let taken = answers
        answers = ByteBuffer()
        return taken
    }

    /// Gives back the memory of answers that were sent.
    mutating func reuse(_ sent: consuming ByteBuffer) {
        // Ten thousand idle connections must not hold on to what one busy moment needed.
        guard answers.readableBytes == 0, sent.capacity <= 1_024 else { return }
        answers = consume sent
        answers.clear()
    }
}
