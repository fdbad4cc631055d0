// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

// The macros of the tests cannot take a Span.
private func isLegal(_ bytes: [UInt8]) -> Bool { Text.isLegal(bytes.span) }
private func fault(_ bytes: [UInt8]) -> Text.NameFault? { Text.fault(inTopicName: bytes.span) }
private func isFilter(_ bytes: [UInt8]) -> Bool { Text.isTopicFilter(bytes.span) }

@Suite struct WireTests {
    @Test(arguments: [
        (0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (16_383, "ff7f"), (16_384, "808001"),
        (2_097_151, "ffff7f"), (2_097_152, "80808001"), (268_435_455, "ffffff7f"),
    ])
    func variableByteIntegers(_ value: Int, _ wire: String) {
        var buffer = ByteBuffer()
        buffer.writeVariableByteInteger(value)
        #expect(buffer == hex(wire))
        #expect(VariableByteInteger.length(of: value) == buffer.readableBytes)
        #expect(
            VariableByteInteger.prefix(of: buffer, at: 0) == .value(value, length: buffer.readableBytes))
        let cut = buffer.getSlice(at: 0, length: buffer.readableBytes - 1) ?? ByteBuffer()
        #expect(VariableByteInteger.prefix(of: cut, at: 0) == .incomplete)
    }

    /// The fourth byte decides; a fifth is not waited for.
    @Test func fourContinuationBytesAreRefusedAtOnce() {
        var reader = FrameReader(from: .client, version: .v3_1_1, remainingLengthMax: 100)
        reader.append(hex("30 ff ff ff"))
        #expect(throws: Never.self) { try reader.next() == nil }
        reader.append(hex("ff"))
        #expect(throws: PacketError.malformed("a remaining length of more than four bytes")) {
            try reader.next()
        }
    }

    /// The announced size decides, before a byte of the body is here, and also before CONNECT.
    @Test func sizesAreJudgedFromTheFixedHeader() throws {
        var reader = FrameReader(from: .client, version: .v5_0, remainingLengthMax: 1_000)
        reader.append(hex("30 e807"))
        #expect(try reader.next() == nil)
        reader = FrameReader(from: .client, version: .v5_0, remainingLengthMax: 1_000)
        reader.append(hex("30 e907 0003 612f62"))
        do throws(PacketError) {
            _ = try reader.next()
            Issue.record("accepted")
        } catch {
            #expect(error.reason == .packetTooLarge)
        }
        #expect(reader.oversized?.remainingLength == 1_001)
        #expect(reader.oversized?.type == .publish)
        #expect(reader.oversized?.topic == text("a/b"))
        var first = FrameReader(from: .client, remainingLengthMax: 1_000)
        first.append(hex("10 ffffff7f"))
        #expect(throws: PacketError.self) { try first.next() }
    }

    @Test func beforeConnectOnlyConnectIsRead() {
        for first in UInt8.min...UInt8.max where first != 0x10 {
            var reader = FrameReader(from: .client, remainingLengthMax: 1_000)
            reader.append(ByteBuffer(bytes: [first]))
            #expect(throws: PacketError.self) { try reader.next() }
        }
    }

    /// Many reads of one large packet: no byte is lost whatever the cuts, and finished packets do not stay in memory.
    @Test func largePacketInPieces() throws {
        let payload = ByteBuffer(bytes: (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let packet = Packet.publish(PublishPacket(topic: text("t"), payload: payload))
        var wire = ByteBuffer()
        for _ in 0..<3 { packet.encode(into: &wire, .v3_1_1) }
        var reader = FrameReader(from: .client, version: .v3_1_1, remainingLengthMax: 1 << 20)
        var found = 0
        while let piece = wire.readSlice(length: min(wire.readableBytes, 65_537)),
            piece.readableBytes > 0
        {
            reader.append(piece)
            while let frame = try reader.next() {
                #expect(try Packet.decode(frame, .v3_1_1, from: .client) == packet)
                found += 1
            }
            reader.burstEnded()
        }
        #expect(found == 3)
        #expect(reader.unreadBytes == 0)
    }

    @Test func textMatchesTheStandardLibrary() {
        var generator = SeededGenerator(seed: 7)
        let alphabet: [UInt8] = [
            0, 1, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0,
            0xf1, 0xf4, 0xf5, 0xff,
        ]
        var legal = 0
        for _ in 0..<50_000 {
            let length = Int.random(in: 0...5, using: &generator)
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            let isValid = String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
            if isValid { legal += 1 }
            #expect(isLegal(bytes) == isValid, "\(bytes)")
            #expect(
                (fault(bytes) == nil) == (isValid && !bytes.isEmpty), "\(bytes)")
        }
        #expect(legal > 1_000)
        #expect(isLegal(Array("\u{feff}a\u{10ffff}".utf8)))
    }

    @Test func topicNamesAndFilters() {
        func name(_ text: String) -> Text.NameFault? { fault(Array(text.utf8)) }
        #expect(name("a") == nil)
        #expect(name("/") == nil)
        #expect(name("") == .empty)
        #expect(name("a/+/b") == .wildcard)
        #expect(name("a#") == .wildcard)
        #expect(name("a\0") == .notText)
        for filter in ["a", "/", "#", "+", "a/#", "+/+", "/+", "a/+/b", "$SYS/#"] {
            #expect(isFilter(Array(filter.utf8)), "\(filter)")
        }
        for filter in ["", "a#", "#/a", "a/#/b", "a+", "+a", "a/b+/c", "##", "++"] {
            #expect(!isFilter(Array(filter.utf8)), "\(filter)")
        }
    }

    @Test func reasonCodes() {
        #expect(ReasonCode.success.isLegal(in: .suback))
        #expect(ReasonCode.success.isLegal(in: .auth))
        #expect(!ReasonCode.grantedQoS1.isLegal(in: .puback))
        #expect(!ReasonCode.disconnectWithWill.isLegal(in: .disconnectFromServer))
        #expect(!ReasonCode.serverShuttingDown.isLegal(in: .disconnectFromClient))
        #expect(!ReasonCode(rawValue: 0x03).isLegal(in: PacketContext(rawValue: .max)))
        #expect(ReasonCode.keepAliveTimeout.description == "0x8d keep alive timeout")
        let publish = (UInt8.min...UInt8.max).filter { ReasonCode(rawValue: $0).isLegal(in: .puback) }
        #expect(publish == [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])
        let release = (UInt8.min...UInt8.max).filter { ReasonCode(rawValue: $0).isLegal(in: .pubrel) }
        #expect(release == [0x00, 0x92])
        for code in ConnectReturnCode.allCases { #expect(ConnectReturnCode(code.reason) == code) }
        #expect(ConnectReturnCode(.malformedPacket) == nil)
    }
}
