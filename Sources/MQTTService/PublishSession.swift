// SPDX-License-Identifier: Apache-2.0

import AccessControl
import MQTTBroker
import PayloadFormats

/// What the service keeps of one connection: who publishes, and what of it is not durable yet. Lives on one event loop.
final class PublishSession {
    let principal: Principal
    var publisher: PublisherFacts
    let sink: any AcknowledgementSink
    /// Bytes of this connection between socket and log.
    var bytesInFlight = 0
    /// The last batch that holds something of this connection.
    var lastBatch: UInt64 = 0
    /// The last batch whose durability it was told.
    var lastDurable: UInt64 = 0
    var isPaused = false
    /// Some batch of it was refused: nothing is acknowledged any more, and the connection is about to be closed.
    var isFailed = false
    var refusalLog = RefusalLog()

    init(principal: Principal, publisher: PublisherFacts, sink: any AcknowledgementSink) {
        self.principal = principal
        self.publisher = publisher
        self.sink = sink
    }
}
