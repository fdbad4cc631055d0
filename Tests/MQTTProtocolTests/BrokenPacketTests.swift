// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

@Suite struct BrokenPacketTests {
    private func reason(
        _ wire: String, _ version: ProtocolVersion, from sender: Peer = .client, isFirst: Bool = false
    ) -> ReasonCode? {
        do throws(PacketError) {
            _ = try decode(hex(wire), version, from: sender, isFirst: isFirst)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(arguments: samples.filter { $0.encoded.readableBytes < 1_000 })
    func everyTruncation(_ sample: Sample) throws {
        let all = bytes(sample.encoded)
        // The network has not brought everything: wait, whatever is here.
        for length in 0..<all.count {
            let cut = ByteBuffer(bytes: all[..<length])
            #expect(
                try decode(cut, sample.version, from: sample.sender, isFirst: sample.knownVersion == nil)
                    == nil,
                "cut at \(length)")
        }
        // The packet itself is too short: an error or another legal packet, never the same one.
        let headerLength = all.count < 130 ? 2 : 3
        for length in 0..<(all.count - headerLength) {
            var short = ByteBuffer(bytes: [all[0]])
            short.writeVariableByteInteger(length)
            short.writeBytes(all[headerLength..<(headerLength + length)])
            let packet = try? decode(
                short, sample.version, from: sample.sender, isFirst: sample.knownVersion == nil)
            #expect(packet != sample.packet, "body of \(length) bytes")
        }
    }

    @Test(arguments: samples.filter { $0.encoded.readableBytes < 1_000 })
    func oneByteMore(_ sample: Sample) throws {
        let all = bytes(sample.encoded)
        let headerLength = all.count < 130 ? 2 : 3
        var long = ByteBuffer(bytes: [all[0]])
        long.writeVariableByteInteger(all.count - headerLength + 1)
        long.writeBytes(all[headerLength...])
        long.writeInteger(UInt8(0))
        let packet = try? decode(
            long, sample.version, from: sample.sender, isFirst: sample.knownVersion == nil)
        // A zero after a short form of 5.0 is the reason or the property length that it left out.
        #expect(packet != sample.packet || isShortForm(sample))
    }

    private func isShortForm(_ sample: Sample) -> Bool {
        guard sample.version == .v5_0 else { return false }
        switch sample.packet {
        case .puback(let packet), .pubrec(let packet), .pubrel(let packet), .pubcomp(let packet):
            return packet.properties.isEmpty
        case .disconnect(let packet): return packet.properties.isEmpty
        default: return false
        }
    }

    @Test func randomMutationsNeverCrash() {
        var generator = SeededGenerator(seed: 42)
        var accepted = 0
        for round in 0..<20_000 {
            let sample = samples[round % samples.count]
            var all = bytes(sample.encoded)
            if all.count > 300 { continue }
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let index = Int.random(in: 0..<all.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: all[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: all.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                default: if all.count > 1 { all.remove(at: index) }
                }
            }
            let buffer = ByteBuffer(bytes: all)
            guard
                let packet = try? decode(
                    buffer, sample.version, from: sample.sender, isFirst: sample.knownVersion == nil)
            else { continue }
            // Whatever is accepted can be written and read again.
            accepted += 1
            var again = ByteBuffer()
            let version =
                if case .connect(let connect) = packet { connect.version } else { sample.version }
            packet.encode(into: &again, version)
            let copy = try? decode(
                again, version, from: sample.sender, isFirst: sample.knownVersion == nil)
            #expect(copy == packet)
        }
        #expect(accepted > 1_000)
    }

    @Test(arguments: ProtocolVersion.allCases, Peer.allCases)
    func everyFirstByte(_ version: ProtocolVersion, _ sender: Peer) {
        for first in UInt8.min...UInt8.max {
            var reader = FrameReader(from: sender, version: version, remainingLengthMax: 100)
            reader.append(ByteBuffer(bytes: [first]))
            let isAccepted = (try? reader.next()) != nil || accepts(&reader)
            let type = PacketType(rawValue: first >> 4)
            let flags = first & 15
            guard let type, type.maySend(sender, version) else {
                #expect(!isAccepted, "\(first)")
                continue
            }
            switch type {
            case .publish:
                let isBad = flags & 6 == 6 || (version != .v3_1 && flags & 0b1110 == 8)
                #expect(isAccepted == !isBad, "\(first)")
            case .pubrel, .subscribe, .unsubscribe:
                #expect(isAccepted == (flags == 2 || (flags == 10 && version == .v3_1)), "\(first)")
            default:
                #expect(isAccepted == (flags == 0), "\(first)")
            }
        }
    }

    private func accepts(_ reader: inout FrameReader) -> Bool {
        do throws(PacketError) {
            return try reader.next() == nil
        } catch {
            return false
        }
    }

    @Test func codesOfBrokenPackets() {
        #expect(reason("00 00", .v5_0) == .malformedPacket)
        #expect(reason("20 02 0000", .v5_0) == .protocolError)
        #expect(reason("f0 00", .v3_1_1) == .protocolError)
        #expect(reason("c0 01 00", .v3_1_1) == .malformedPacket)
        #expect(reason("e0 01 00", .v3_1_1) == .malformedPacket)
        #expect(reason("40 03 0001 00", .v3_1_1) == .malformedPacket)
        #expect(reason("40 02 0000", .v3_1_1) == .protocolError)
        #expect(reason("40 03 0001 01", .v5_0) == .protocolError)
        #expect(reason("32 05 0001 61 0000", .v3_1_1) == .protocolError)
        #expect(reason("30 02 0000", .v3_1_1) == .protocolError)
        #expect(reason("30 03 0000 00", .v5_0) == .protocolError)
        #expect(reason("30 03 0001 23", .v3_1_1) == .topicNameInvalid)
        #expect(reason("30 04 0002 612b", .v3_1_1) == .topicNameInvalid)
        #expect(reason("30 03 0001 00", .v3_1_1) == .malformedPacket)
        #expect(reason("30 04 0002 c080", .v3_1_1) == .malformedPacket)
        #expect(reason("30 04 0005 6162", .v3_1_1) == .malformedPacket)
        #expect(reason("82 02 0001", .v3_1_1) == .protocolError)
        #expect(reason("82 05 0001 0000 00", .v3_1_1) == .malformedPacket)
        #expect(reason("82 06 0001 0001 61 03", .v3_1_1) == .malformedPacket)
        #expect(reason("82 06 0001 0001 61 04", .v3_1_1) == .malformedPacket)
        #expect(reason("82 06 0001 0001 61 04", .v3_1) == nil)
        #expect(reason("82 07 0001 00 0001 61 40", .v5_0) == .malformedPacket)
        #expect(reason("82 07 0001 00 0001 61 30", .v5_0) == .protocolError)
        #expect(reason("82 0f 0001 00 0009 2473686172652f612f 04", .v5_0) == .protocolError)
        #expect(reason("a2 02 0001", .v3_1_1) == .protocolError)
    }

    @Test func connectErrors() {
        func error(_ wire: String) -> ConnectError? {
            do throws(ConnectError) {
                _ = try ConnectPacket.decode(hex(wire))
                return nil
            } catch {
                return error
            }
        }
        // Level 6 understands the form of 5.0; level 3 of MQTT, 4 of MQIsdp and a bridge's 0x84 do not.
        for (wire, answer) in [
            ("0004 4d515454 06", ProtocolVersion.v5_0), ("0004 4d515454 03", .v3_1_1),
            ("0006 4d5149736470 04", .v3_1_1),
            ("0004 4d515454 84", .v3_1_1), ("0004 4d515454 00", .v3_1_1),
        ] {
            #expect(error(wire)?.error.reason == .unsupportedProtocolVersion)
            #expect(error(wire)?.answerVersion == answer)
        }
        #expect(error("0004 4d515455 04") != nil)
        #expect(error("0004 4d515455 04")?.answerVersion == nil)
        let head = "0004 4d515454 04"
        // Reserved flag; will QoS without a will; will retain without a will; will QoS 3; password without name.
        for flags in ["03", "0a", "22", "1e", "42"] {
            #expect(
                error("\(head) \(flags) 0000 0001 61 0001 77 0001 70 0001 70")?.error.reason
                    == .malformedPacket)
        }
        #expect(error("\(head) 06 0000 0001 61 0000 0000")?.error.reason == .topicNameInvalid)
        #expect(error("\(head) 06 0000 0001 61 0001 23 0000")?.error.reason == .topicNameInvalid)
        #expect(error("\(head) 02 0000 0001 61 00")?.error.reason == .malformedPacket)
        #expect(error("\(head) 02 0000 0002 6100")?.error.reason == .malformedPacket)
        #expect(error("0004 4d515454 05 42 0000 00 0001 61 0001 70") == nil)
    }
}
