// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

@testable import MQTTBroker

@Suite struct ConnectTests {
    /// Gives CONNECT to a fresh machine; the action and what it wrote.
    private func connect(
        _ packet: ConnectPacket, limits: BrokerLimits = BrokerLimits()
    ) throws -> (ConnectionStateMachine.Action, [Packet]) {
        let machine = TestMachine(limits: limits)
        let action = try machine.receive(.connect(packet))
        return (action, try machine.written(isFirst: true))
    }

    @Test(arguments: ProtocolVersion.allCases) func asksWhoItIs(_ version: ProtocolVersion) throws {
        let packet = ConnectPacket(
            version: version, clientID: "c", userName: "root", password: ByteBuffer(bytes: [0, 255]))
        guard case (.authenticate(let request), let written) = try connect(packet) else {
            Issue.record("not asked")
            return
        }
        #expect(request.clientID == "c")
        #expect(request.userName == "root")
        #expect(request.password == [0, 255])
        #expect(request.version == version)
        #expect(written.isEmpty)
    }

    @Test(arguments: [ProtocolVersion.v3_1, .v3_1_1]) func acceptsOn3(_ version: ProtocolVersion) throws {
        let machine = TestMachine(limits: BrokerLimits())
        _ = try machine.receive(.connect(ConnectPacket(version: version, clientID: "c", isCleanStart: false)))
        #expect(machine.accept() == nil)
        #expect(machine.answers == ByteBuffer(bytes: [0x20, 2, 0, 0]))
        #expect(machine.phase == .connected)
    }

    @Test func connackSaysWhatThisServerDoesNotDo() throws {
        var limits = BrokerLimits()
        limits.messageBytesMax = 1_000
        limits.receiveMaximum = 10
        limits.topicAliasMaximum = 3
        let machine = TestMachine(limits: limits)
        var packet = ConnectPacket(version: .v5_0, clientID: "")
        packet.properties.append(Property(.sessionExpiryInterval, .uint32(100)))
        _ = try machine.receive(.connect(packet))
        #expect(machine.accept() == nil)
        guard case .connack(let connack) = try machine.written(isFirst: true).first else {
            Issue.record("no CONNACK")
            return
        }
        #expect(connack.reason == .success && !connack.isSessionPresent)
        let expected: [(PropertyIdentifier, Int?)] = [
            (.sessionExpiryInterval, 0), (.receiveMaximum, 10), (.maximumPacketSize, 1_003), (.topicAliasMaximum, 3),
            (.retainAvailable, 0), (.wildcardSubscriptionAvailable, 0), (.subscriptionIdentifierAvailable, 0),
            (.sharedSubscriptionAvailable, 0), (.serverKeepAlive, nil), (.maximumQoS, nil),
        ]
        for (identifier, value) in expected {
            #expect(connack.properties.integer(identifier) == value, "\(identifier)")
        }
        let assigned = try #require(connack.properties.text(.assignedClientIdentifier))
        #expect(assigned.hasPrefix("apus-") && assigned.count > 20)
        #expect(machine.clientID == assigned)
    }

    @Test func defaultsAreNotAnnounced() throws {
        var limits = BrokerLimits()
        limits.receiveMaximum = 65_535
        limits.topicAliasMaximum = 0
        let machine = TestMachine(limits: limits)
        _ = try machine.receive(.connect(ConnectPacket(version: .v5_0, clientID: "c")))
        #expect(machine.accept() == nil)
        guard case .connack(let connack) = try machine.written(isFirst: true).first else {
            Issue.record("no CONNACK")
            return
        }
        for identifier in [
            PropertyIdentifier.receiveMaximum, .topicAliasMaximum, .assignedClientIdentifier, .sessionExpiryInterval,
        ] {
            #expect(connack.properties.value(of: identifier) == nil)
        }
    }

    @Test func emptyClientIdentifiers() throws {
        var (action, written) = try connect(ConnectPacket(version: .v3_1, clientID: ""))
        #expect(action.ending?.cause == .refused(.identifier))
        #expect(written == [.connack(ConnackPacket(reason: .clientIdentifierNotValid))])
        (action, written) = try connect(ConnectPacket(version: .v3_1_1, clientID: "", isCleanStart: false))
        #expect(action.ending?.cause == .refused(.identifier))
        #expect(written == [.connack(ConnackPacket(reason: .clientIdentifierNotValid))])
        for packet in [
            ConnectPacket(version: .v3_1_1, clientID: ""),
            ConnectPacket(version: .v5_0, clientID: "", isCleanStart: false),
        ] {
            guard case (.authenticate(let request), _) = try connect(packet) else {
                Issue.record("refused")
                continue
            }
            #expect(request.clientID.hasPrefix("apus-"))
        }
        // Longer than 23 characters is accepted on 3.1, as all brokers do.
        let long = String(repeating: "x", count: 300)
        #expect(try connect(ConnectPacket(version: .v3_1, clientID: long)).0.ending == nil)
    }

    @Test func refusalsOfTheAuthenticator() throws {
        let codes: [(AuthenticationRefusal, ReasonCode, RefusalReason)] = [
            (.badCredentials, .badUserNameOrPassword, .credentials), (.notAuthorized, .notAuthorized, .notAuthorized),
            (.busy, .serverUnavailable, .busy),
        ]
        for (refusal, code, reason) in codes {
            for version in ProtocolVersion.allCases {
                let machine = TestMachine(limits: BrokerLimits())
                _ = try machine.receive(.connect(ConnectPacket(version: version, clientID: "c")))
                let ending = try #require(machine.refuse(refusal, message: "because"))
                #expect(ending.cause == .refused(reason))
                #expect(ending.lingers && !ending.publishesWill)
                guard case .connack(let connack) = try machine.written(isFirst: true).first else {
                    Issue.record("no CONNACK")
                    continue
                }
                #expect(connack.reason == code)
                #expect(connack.properties.reasonString == (version == .v5_0 ? "because" : nil))
                #expect(!machine.takesPackets)
            }
        }
    }

    @Test func enhancedAuthenticationIsRefused() throws {
        var packet = ConnectPacket(version: .v5_0, clientID: "c")
        packet.properties.append(Property(.authenticationMethod, .text(text("SCRAM"))))
        let (action, written) = try connect(packet)
        #expect(action.ending?.code == .badAuthenticationMethod)
        guard case .connack(let connack) = written.first else {
            Issue.record("no CONNACK")
            return
        }
        #expect(connack.reason == .badAuthenticationMethod)
    }

    @Test func wills() throws {
        func withWill(_ version: ProtocolVersion, topic: String, retain: Bool = false) -> ConnectPacket {
            ConnectPacket(
                version: version, clientID: "c", will: .init(topic: text(topic), payload: text("p"), retain: retain))
        }
        #expect(try connect(withWill(.v5_0, topic: "$SYS/x")).0.ending?.code == .topicNameInvalid)
        #expect(try connect(withWill(.v5_0, topic: "w", retain: true)).0.ending?.code == .retainNotSupported)
        #expect(try connect(withWill(.v3_1_1, topic: "w", retain: true)).0.ending == nil)
        let (action, written) = try connect(withWill(.v3_1_1, topic: "$share/x"))
        #expect(action.ending?.code == .topicNameInvalid)
        #expect(written.isEmpty, "3.x has no code for it and is closed without a word")
    }

    @Test func brokenConnects() throws {
        func receive(_ body: [UInt8]) -> (Ending?, ByteBuffer) {
            let machine = TestMachine(limits: BrokerLimits())
            let ending = machine.receive(Frame(type: .connect, flags: 0, body: ByteBuffer(bytes: body))).ending
            return (ending, machine.answers)
        }
        let name: [UInt8] = [0, 4, 0x4d, 0x51, 0x54, 0x54]
        // Unknown levels: 3.x form, 5.0 form.
        #expect(receive(name + [3]).1 == ByteBuffer(bytes: [0x20, 2, 0, 1]))
        #expect(receive(name + [0x84]).1 == ByteBuffer(bytes: [0x20, 2, 0, 1]))
        #expect(
            try packets(receive(name + [6]).1, .v5_0, isFirst: true).first?.connackReason == .unsupportedProtocolVersion
        )
        #expect(receive(name + [3]).0?.cause == .refused(.version))
        // Not MQTT at all; malformed on 3.1.1: not a word.
        #expect(receive([0, 4, 1, 2, 3, 4, 4]).1.readableBytes == 0)
        #expect(receive(name + [4, 3]).1.readableBytes == 0)
        // Malformed on 5.0 is told.
        #expect(
            try packets(receive(name + [5, 3, 0, 0]).1, .v5_0, isFirst: true).first?.connackReason == .malformedPacket)
    }

    @Test func tooSmallAMaximumPacketSize() throws {
        var machine = TestMachine(limits: BrokerLimits())
        var packet = ConnectPacket(version: .v5_0, clientID: "c")
        packet.properties.append(Property(.maximumPacketSize, .uint32(12)))
        _ = try machine.receive(.connect(packet))
        #expect(machine.accept()?.cause == .refused(.notSupported))
        #expect(machine.answers.readableBytes == 0)
        // A refusal without its reason string fits.
        machine = TestMachine(limits: BrokerLimits())
        _ = try machine.receive(.connect(packet))
        #expect(machine.refuse(.badCredentials, message: "a long story") != nil)
        #expect(try machine.written(isFirst: true) == [.connack(ConnackPacket(reason: .badUserNameOrPassword))])
    }

    @Test(arguments: ProtocolVersion.allCases) func secondConnect(_ version: ProtocolVersion) throws {
        let machine = try connectedMachine(version)
        let ending = try machine.receive(.connect(ConnectPacket(version: version, clientID: "c"))).ending
        #expect(ending?.cause == .ended(.protocolError))
        #expect(ending?.code == .protocolError)
        #expect(try machine.written().first?.disconnectReason == (version == .v5_0 ? .protocolError : nil))
    }
}

extension Packet {
    var connackReason: ReasonCode? {
        if case .connack(let packet) = self { return packet.reason }
        return nil
    }

    var disconnectReason: ReasonCode? {
        if case .disconnect(let packet) = self { return packet.reason }
        return nil
    }
}
