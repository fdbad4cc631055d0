// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// How ``JSONPayloadFormatter`` reads (`mqtt-payloads.md` sections 2 and 5.1).
package struct JSONFormatSettings: Sendable, Equatable {
    /// What becomes of an element without a time (`mqtt_missing_timestamp`).
    package enum MissingTimestamp: String, Sendable, CaseIterable {
        case refuse
        /// The row gets the time of its arrival.
        case arrival
    }

    /// `timestamp_precision`.
    package var precision = TimestampPrecision.milliseconds
    /// `timestamp_precision_check_enabled`: times beyond ``TimestampPrecision/magnitudeLimit`` are refused.
    package var checksTimestampRange = true
    /// `mqtt_missing_timestamp`.
    package var missingTimestamp = MissingTimestamp.refuse
    /// `mqtt_fractional_timestamp=truncate`: a fraction is cut toward zero and counted; otherwise its row is refused.
    package var truncatesFractionalTimestamps = true
    /// `mqtt_json_lenient`: single quotes, bare words, `=`, `;` and comments are read.
    package var isLenient = false
    /// `mqtt_json_string_as_text`: a JSON string is text, even if it looks like a number or a boolean.
    package var keepsStringsAsText = false
    package var limits = JSONFormatLimits()

    package init() {}
}

/// How much one payload may hold, whatever its size in bytes: every limit bounds memory.
package struct JSONFormatLimits: Sendable, Equatable {
    /// `mqtt_json_rows_max`: rows of one payload; beyond, the payload is refused.
    package var rowsMax = 200_000
    /// `mqtt_json_values_max`: values of one payload, nulls included; beyond, the payload is refused.
    package var valuesMax = 1_000_000
    /// `mqtt_json_columns_max`: measurements of one element; beyond, the element is refused.
    package var columnsMax = 10_000
    /// `mqtt_json_nesting_max`: depth of arrays and objects (the shapes need 4, unknown keys may need more); beyond, the
    /// payload is refused. At most 63.
    package var nestingMax = 16
    /// `ingestion_problems_max`: problems that are kept with their text; the rest is only counted.
    package var problemsMax = 100

    package init() {}
}
