// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import NIOEmbedded
import ServerMetrics
import Testing

@testable import MQTTBroker

@Suite struct TimerTests {
    @Test func connectHasToComeInTime() throws {
        let connection = try Connection()
        connection.advance(seconds: 9)
        // Half a CONNECT is none.
        try connection.send(ByteBuffer(bytes: [0x10, 12, 0, 4]))
        #expect(connection.isOpen)
        connection.advance(seconds: 1)
        #expect(!connection.isOpen)
        #expect(connection.events.refused(.timeout).value == 1)
    }

    @Test func anAuthenticationIsNotTheClientsTime() throws {
        let authenticator = FakeAuthenticator(waits: true)
        let connection = try Connection(authenticator: authenticator)
        try connection.send(.connect(ConnectPacket(version: .v3_1_1, clientID: "c", keepAliveSeconds: 1)))
        connection.advance(seconds: 30)
        #expect(connection.isOpen)
        authenticator.answer(.accepted("who"))
        connection.channel.embeddedEventLoop.run()
        #expect(try connection.received().count == 1)
    }

    @Test(arguments: ProtocolVersion.allCases) func keepAlive(_ version: ProtocolVersion) throws {
        let connection = try Connection().connect(version, keepAlive: 10)
        for _ in 0..<5 {
            connection.advance(seconds: 14)
            try connection.send(.pingreq)
            #expect(try connection.received() == [.pingresp])
        }
        connection.advance(seconds: 14)
        #expect(connection.isOpen)
        connection.advance(seconds: 1)
        #expect(!connection.isOpen)
        #expect(try connection.received().map(\.disconnectReason) == (version == .v5_0 ? [.keepAliveTimeout] : []))
        #expect(connection.publishes.disconnectedClients == ["c"])
        #expect(connection.events.ended(.keepAlive).value == 1)
    }

    @Test func keepAliveOff() throws {
        let connection = try Connection().connect(keepAlive: 0)
        connection.advance(seconds: 1_000_000)
        #expect(connection.isOpen)
    }

    @Test func aPacketHasToEnd() throws {
        let connection = try Connection().connect(.v5_0)
        let packet = Packet.message(String(repeating: "x", count: 100_000), id: 1).encoded(.v5_0)
        try connection.send(packet.getSlice(at: 0, length: 100) ?? ByteBuffer())
        connection.advance(seconds: 29)
        #expect(connection.isOpen)
        connection.advance(seconds: 1)
        #expect(!connection.isOpen)
        // A slow link that goes on bringing bytes gets longer, and a packet that ends starts the time anew.
        let slow = try Connection().connect(.v5_0)
        var rest = packet
        while let piece = rest.readSlice(length: min(rest.readableBytes, 40_000)), piece.readableBytes > 0 {
            try slow.send(piece)
            slow.advance(seconds: 15)
        }
        #expect(slow.isOpen)
        #expect(try slow.received() == [.puback(Packet.ack(1))])
        slow.advance(seconds: 1_000)
        #expect(slow.isOpen)
    }

    @Test func lastWordsMayBeRead() {
        let start = NIODeadline.uptimeNanoseconds(1_000)
        var clock = ConnectionClock(limits: BrokerLimits(), now: start)
        #expect(clock.next?.expiry == .connect)
        clock.connectArrived()
        #expect(clock.next == nil)
        clock.connected(keepAliveSeconds: 2, now: start)
        #expect(clock.expired(at: start + .milliseconds(2_999)) == nil)
        #expect(clock.expired(at: start + .milliseconds(3_000)) == .keepAlive)
        clock.lingers(until: start + .seconds(1))
        #expect(clock.next?.expiry == .linger)
        #expect(clock.expired(at: start + .seconds(1)) == .linger)
    }
}
