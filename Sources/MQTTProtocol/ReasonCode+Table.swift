// SPDX-License-Identifier: Apache-2.0

extension ReasonCode {
    /// Whether the code may stand in one of these packets (`mqtt-broker.md` section 12.2, [5:3.2.2-8] and its kin).
    package func isLegal(in context: PacketContext) -> Bool {
        !Self.table[Int(rawValue)].places.isDisjoint(with: context)
    }

    /// The name in the standard, in lower case; `unknown` for a byte that is no reason code.
    package var name: String { Self.table[Int(rawValue)].name }

    private struct Entry: Sendable {
        var name = "unknown"
        var places: PacketContext = []
    }

    /// By raw value; built once.
    private static let table: [Entry] = {
        var table = [Entry](repeating: Entry(), count: 256)
        for (code, name, places) in successes + failures { table[code] = Entry(name: name, places: places) }
        return table
    }()

    private static let successes: [(Int, String, PacketContext)] = [
        (0x00, "success", Self.everywhereButAuthAndSuback.union([.suback, .auth])),
        (0x01, "granted QoS 1", .suback),
        (0x02, "granted QoS 2", .suback),
        (0x04, "disconnect with will", .disconnectFromClient),
        (0x10, "no matching subscribers", [.puback, .pubrec]),
        (0x11, "no subscription existed", .unsuback),
        (0x18, "continue authentication", .auth),
        (0x19, "re-authenticate", .auth),
    ]

    private static let everywhereButAuthAndSuback: PacketContext = [
        .connack, .puback, .pubrec, .pubrel, .pubcomp, .unsuback, .disconnectFromClient, .disconnectFromServer,
    ]
    private static let publishAcks: PacketContext = [.puback, .pubrec]
    private static let all: PacketContext = [
        .connack, .puback, .pubrec, .suback, .unsuback, .disconnectFromClient, .disconnectFromServer,
    ]

    private static let failures: [(Int, String, PacketContext)] = [
        (0x80, "unspecified error", all),
        (0x81, "malformed packet", [.connack, .disconnect]),
        (0x82, "protocol error", [.connack, .disconnect]),
        (0x83, "implementation specific error", all),
        (0x84, "unsupported protocol version", .connack),
        (0x85, "client identifier not valid", .connack),
        (0x86, "bad user name or password", .connack),
        (0x87, "not authorized", [.connack, publishAcks, .suback, .unsuback, .disconnectFromServer]),
        (0x88, "server unavailable", .connack),
        (0x89, "server busy", [.connack, .disconnectFromServer]),
        (0x8a, "banned", .connack),
        (0x8b, "server shutting down", .disconnectFromServer),
        (0x8c, "bad authentication method", [.connack, .disconnectFromServer]),
        (0x8d, "keep alive timeout", .disconnectFromServer),
        (0x8e, "session taken over", .disconnectFromServer),
        (0x8f, "topic filter invalid", [.suback, .unsuback, .disconnectFromServer]),
        (0x90, "topic name invalid", [.connack, publishAcks, .disconnect]),
        (0x91, "packet identifier in use", [publishAcks, .suback, .unsuback]),
        (0x92, "packet identifier not found", [.pubrel, .pubcomp]),
        (0x93, "receive maximum exceeded", .disconnect),
        (0x94, "topic alias invalid", .disconnect),
        (0x95, "packet too large", [.connack, .disconnect]),
        (0x96, "message rate too high", .disconnect),
        (0x97, "quota exceeded", [.connack, publishAcks, .suback, .disconnect]),
        (0x98, "administrative action", .disconnect),
        (0x99, "payload format invalid", [.connack, publishAcks, .disconnect]),
        (0x9a, "retain not supported", [.connack, .disconnectFromServer]),
        (0x9b, "QoS not supported", [.connack, .disconnectFromServer]),
        (0x9c, "use another server", [.connack, .disconnectFromServer]),
        (0x9d, "server moved", [.connack, .disconnectFromServer]),
        (0x9e, "shared subscriptions not supported", [.suback, .disconnectFromServer]),
        (0x9f, "connection rate exceeded", [.connack, .disconnectFromServer]),
        (0xa0, "maximum connect time", .disconnectFromServer),
        (0xa1, "subscription identifiers not supported", [.suback, .disconnectFromServer]),
        (0xa2, "wildcard subscriptions not supported", [.suback, .disconnectFromServer]),
    ]
}
