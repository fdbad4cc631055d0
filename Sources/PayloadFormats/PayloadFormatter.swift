// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// What a formatter may know of a publish besides topic and payload (`mqtt-payloads.md` section 7).
package struct PublisherFacts: Sendable {
    package var clientID: String
    package var userName: String
    package var qualityOfService: UInt8
    /// MQTT 5 user properties, in order; empty on 3.x.
    package var userProperties: [(name: String, value: String)]

    package init(
        clientID: String, userName: String, qualityOfService: UInt8,
        userProperties: [(name: String, value: String)] = []
    ) {
        self.clientID = clientID
        self.userName = userName
        self.qualityOfService = qualityOfService
        self.userProperties = userProperties
    }
}

/// Makes rows and problems of a payload. Pure: same input, same output; safe to call from several threads at once.
///
/// A formatter never throws: what it cannot read becomes a ``Problem``, and its neighbours become rows. It bounds its
/// output by the size of its input.
package protocol PayloadFormatter: Sendable {
    /// The name that `mqtt_payload_formatter` selects it by, compared exactly.
    var name: String { get }

    /// Appends the message's rows and problems to `rows`, which the caller has emptied.
    func format(
        topic: Span<UInt8>, payload: Span<UInt8>, publisher: borrowing PublisherFacts, into rows: inout IncomingRows)
}
