// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: samples) func decodesWhatItEncodes(_ sample: Sample) throws {
        var reader = FrameReader(
            from: sample.sender, version: sample.knownVersion, remainingLengthMax: 1 << 20)
        // Twice in one read, and the beginning of a third.
        var input = sample.encoded
        input.writeImmutableBuffer(sample.encoded)
        input.writeImmutableBuffer(sample.encoded.getSlice(at: 0, length: 1) ?? ByteBuffer())
        reader.append(input)
        for _ in 0..<2 {
            let frame = try #require(try reader.next())
            #expect(try Packet.decode(frame, sample.version, from: sample.sender) == sample.packet)
        }
        #expect(try reader.next() == nil)
        #expect(reader.unreadBytes == 1)
    }

    @Test(arguments: samples.filter { $0.encoded.readableBytes < 1_000 })
    func decodesByteByByte(_ sample: Sample) throws {
        var reader = FrameReader(
            from: sample.sender, version: sample.knownVersion, remainingLengthMax: 1 << 20)
        let all = bytes(sample.encoded)
        for (index, byte) in all.enumerated() {
            #expect(try reader.next() == nil)
            reader.append(ByteBuffer(bytes: [byte]))
            if index % 3 == 0 { reader.burstEnded() }
        }
        let frame = try #require(try reader.next())
        #expect(try Packet.decode(frame, sample.version, from: sample.sender) == sample.packet)
        reader.burstEnded()
        #expect(reader.unreadBytes == 0)
    }

    /// Bytes on the wire, written by hand from the standards.
    @Test(arguments: [
        (
            "10 0c 0004 4d515454 04 02 003c 0000",
            ConnectPacket(version: .v3_1_1, clientID: "", keepAliveSeconds: 60)
        ),
        (
            "10 0f 0006 4d5149736470 03 02 000a 0001 61",
            ConnectPacket(version: .v3_1, clientID: "a", keepAliveSeconds: 10)
        ),
        (
            "10 20 0004 4d515454 05 c6 0000 00 0001 61 00 0001 77 0001 70 0004 726f6f74 0003 000102",
            ConnectPacket(
                version: .v5_0, clientID: "a", userName: "root", password: hex("000102"),
                will: .init(topic: text("w"), payload: text("p")))
        ),
    ])
    func connectVectors(_ wire: String, _ packet: ConnectPacket) throws {
        #expect(
            Sample(packet: .connect(packet), sender: .client, version: packet.version).encoded
                == hex(wire))
        #expect(try decode(hex(wire), packet.version, from: .client, isFirst: true) == .connect(packet))
    }

    @Test func shortForms() throws {
        let success = AcknowledgementPacket(packetIdentifier: 1)
        for wire in ["40 02 0001", "40 03 0001 00", "40 04 0001 00 00"] {
            #expect(try decode(hex(wire), .v5_0, from: .client) == .puback(success))
        }
        #expect(
            Sample(packet: .puback(success), sender: .server, version: .v5_0).encoded == hex("40 02 0001")
        )
        for wire in ["e0 00", "e0 01 00", "e0 02 00 00"] {
            #expect(try decode(hex(wire), .v5_0, from: .client) == .disconnect(DisconnectPacket()))
        }
        #expect(try decode(hex("f0 00"), .v5_0, from: .client) == .auth(AuthPacket()))
        let refused = AcknowledgementPacket(packetIdentifier: 1, reason: .payloadFormatInvalid)
        #expect(
            Sample(packet: .puback(refused), sender: .server, version: .v5_0).encoded
                == hex("40 03 0001 99"))
    }

    /// 3.1 says that a length that ends before the name goes before the flag.
    @Test func version31MayLeaveOutNameAndPassword() throws {
        let wire = hex("10 0f 0006 4d5149736470 03 c2 000a 0001 61")
        let expected = ConnectPacket(version: .v3_1, clientID: "a", keepAliveSeconds: 10)
        #expect(try decode(wire, .v3_1, from: .client, isFirst: true) == .connect(expected))
        // And it does not know a reserved flag.
        let reserved = hex("10 0f 0006 4d5149736470 03 03 000a 0001 61")
        #expect(try decode(reserved, .v3_1, from: .client, isFirst: true) == .connect(expected))
    }

    @Test func longPacketsGetALongerLength() throws {
        let filters = (0..<2_000).map { text("filter/\($0)") }
        let packet = Packet.unsubscribe(UnsubscribePacket(packetIdentifier: 1, filters: filters))
        let sample = Sample(packet: packet, sender: .client, version: .v3_1_1)
        #expect(try decode(sample.encoded, .v3_1_1, from: .client) == packet)
    }
}
