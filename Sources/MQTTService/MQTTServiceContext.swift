// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Ingestion
import Logging
import PayloadFormats

/// What all event loops of the MQTT door share.
struct MQTTServiceContext: Sendable {
    let settings: MQTTServiceSettings
    let ingestion: IngestionService
    let access: AccessController
    let formatter: any PayloadFormatter
    let budget: InFlightBudget
    let metrics: MQTTMetrics
    let logger: Logger
}
