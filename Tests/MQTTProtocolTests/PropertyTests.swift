// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore
import Testing

private let places: [PacketContext] = (0..<16).map { PacketContext(rawValue: 1 << $0) }

private func legalValue(of identifier: PropertyIdentifier) -> Property.Value {
    switch identifier.form {
    case .byte: .byte(1)
    case .uint16: .uint16(2)
    case .uint32: .uint32(3)
    case .variable: .variable(4)
    case .text: .text(text("x"))
    case .binary: .binary(hex("00ff"))
    case .pair: .pair(text("a"), text("b"))
    }
}

private func read(_ properties: [Property], in context: PacketContext) -> Result<
    Properties, PacketError
> {
    let list = Properties(properties)
    var wire = ByteBuffer()
    wire.writeVariableByteInteger(list.encoded.readableBytes)
    wire.writeImmutableBuffer(list.encoded)
    return read(wire, in: context)
}

private func read(_ wire: ByteBuffer, in context: PacketContext) -> Result<Properties, PacketError> {
    var reader = FieldReader(wire)
    do throws(PacketError) {
        return .success(try Properties.read(from: &reader, in: context))
    } catch {
        return .failure(error)
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { return error }
        return nil
    }
}

@Suite struct PropertyTests {
    @Test(arguments: PropertyIdentifier.allCases)
    func everyPropertyInEveryPlace(_ identifier: PropertyIdentifier) {
        let property = Property(identifier, legalValue(of: identifier))
        for place in places {
            // Authentication data wants a method beside it.
            let method = Property(.authenticationMethod, .text(text("m")))
            let list = identifier == .authenticationData ? [property, method] : [property]
            let isLegal = !identifier.places.isDisjoint(with: place)
            switch read(list, in: place) {
            case .success(let properties):
                #expect(isLegal)
                #expect(Array(properties) == list)
            case .failure(let error):
                #expect(!isLegal)
                #expect(error.reason == .protocolError)
            }
            guard isLegal else { continue }
            let twice = read(list + [property], in: place)
            #expect((twice.error == nil) == identifier.mayRepeat(in: place), "\(identifier) twice")
            #expect(twice.error?.reason ?? .protocolError == .protocolError)
        }
    }

    @Test(arguments: PropertyIdentifier.allCases)
    func everyCut(_ identifier: PropertyIdentifier) {
        let list = Properties([Property(identifier, legalValue(of: identifier))])
        let place = places.first { !identifier.places.isDisjoint(with: $0) } ?? .connect
        for length in 0..<list.encoded.readableBytes where length > 0 {
            var wire = ByteBuffer()
            wire.writeVariableByteInteger(length)
            wire.writeImmutableBuffer(list.encoded.getSlice(at: 0, length: length) ?? ByteBuffer())
            #expect(read(wire, in: place).error?.reason == .malformedPacket, "cut at \(length)")
        }
    }

    @Test func illegalValues() {
        let bad: [(Property, PacketContext, ReasonCode)] = [
            (Property(.payloadFormatIndicator, .byte(2)), .publishFromClient, .protocolError),
            (Property(.requestProblemInformation, .byte(2)), .connect, .protocolError),
            (Property(.requestResponseInformation, .byte(255)), .connect, .protocolError),
            (Property(.maximumQoS, .byte(2)), .connack, .protocolError),
            (Property(.retainAvailable, .byte(2)), .connack, .protocolError),
            (Property(.wildcardSubscriptionAvailable, .byte(2)), .connack, .protocolError),
            (Property(.subscriptionIdentifierAvailable, .byte(2)), .connack, .protocolError),
            (Property(.sharedSubscriptionAvailable, .byte(2)), .connack, .protocolError),
            (Property(.receiveMaximum, .uint16(0)), .connect, .protocolError),
            (Property(.maximumPacketSize, .uint32(0)), .connect, .protocolError),
            (Property(.subscriptionIdentifier, .variable(0)), .subscribe, .protocolError),
            (Property(.topicAlias, .uint16(0)), .publishFromClient, .topicAliasInvalid),
            (Property(.responseTopic, .text(text("a/#"))), .publishFromClient, .protocolError),
            (Property(.responseTopic, .text(text(""))), .publishFromClient, .protocolError),
            (Property(.authenticationData, .binary(text("d"))), .connect, .protocolError),
            (Property(.contentType, .text(hex("00"))), .publishFromClient, .malformedPacket),
            (Property(.userProperty, .pair(text("a"), hex("ff"))), .connect, .malformedPacket),
        ]
        for (property, place, reason) in bad {
            #expect(read([property], in: place).error?.reason == reason, "\(property)")
        }
    }

    @Test func unknownIdentifiersAndLengths() {
        #expect(read(hex("02 04 00"), in: .connect).error?.reason == .malformedPacket)
        #expect(read(hex("02 ff01"), in: .connect).error?.reason == .malformedPacket)
        #expect(read(hex("05 17 00"), in: .connect).error?.reason == .malformedPacket)
        #expect(read(hex("80808080 01"), in: .connect).error?.reason == .malformedPacket)
        #expect(read(hex(""), in: .connect).error?.reason == .malformedPacket)
        #expect(read(hex("00"), in: .connect) == .success(Properties()))
    }

    @Test func accessors() {
        var properties = Properties()
        #expect(properties.integer(.topicAlias) == nil)
        properties.append(Property(.topicAlias, .uint16(9)))
        properties.append(name: "a", value: "1")
        properties.append(name: "a", value: "2")
        properties.append(reasonString: "why")
        #expect(properties.integer(.topicAlias) == 9)
        #expect(properties.reasonString == "why")
        #expect(properties.userProperties.map(\.value) == ["1", "2"])
        #expect(properties.detached() == properties)
        #expect(properties.encodedLength == 1 + properties.encoded.readableBytes)
    }

    /// A packet full of user properties costs time in proportion to its bytes, and no recursion.
    @Test func manyUserProperties() {
        let list = (0..<10_000).map { Property(.userProperty, .pair(text("k\($0)"), text("v"))) }
        guard case .success(let properties) = read(list, in: .connect) else {
            Issue.record("refused")
            return
        }
        #expect(properties.userProperties.count == 10_000)
    }
}
