// SPDX-License-Identifier: Apache-2.0

import Ingestion
import MQTTBroker
import TimeSeriesModel

extension IngestionVerdict.Outcome {
    /// The reason code of PUBACK and PUBREC on MQTT 5 (`mqtt-payloads.md` section 10.1).
    var reasonCode: UInt8 {
        switch self {
        case .empty, .stored, .partlyStored: 0x00
        case .refused: 0x99
        case .refusedBySchema: 0x83
        case .denied: 0x87
        }
    }

    /// The label of its counter.
    var label: String {
        switch self {
        case .empty: "empty"
        case .stored: "stored"
        case .partlyStored: "partly_refused"
        case .refused: "refused"
        case .refusedBySchema: "refused_by_schema"
        case .denied: "denied"
        }
    }
}
