// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

/// What a client does on its connection; called on the connection's event loop only. Bytes appended to `output` leave in
/// one write at the end of a socket read.
protocol ClientBehavior: AnyObject, SendableMetatype {
    /// CONNACK said yes.
    func connected(_ connack: ConnackPacket, output: inout ByteBuffer)
    /// A packet of the server, but not CONNACK or DISCONNECT.
    func received(_ frame: Frame, output: inout ByteBuffer) throws(PacketError)
    /// Everything of one socket read was handled.
    func burstEnded(output: inout ByteBuffer)
    /// The socket takes more again.
    func becameWritable(output: inout ByteBuffer)
    /// The connection is over, or there never was one; called once.
    func closed(_ error: MQTTClientError)
}
