// SPDX-License-Identifier: Apache-2.0

/// The keys of payloads and of what is refused (`mqtt-payloads.md` sections 2, 3, 6 and 10.3).
package enum PayloadKeys {
    static let missingTimestamp = choiceKey(
        "mqtt_missing_timestamp", .payloads, ["refuse", "arrival"], default: "refuse",
        "What a row without a time gets: a refusal, or the time of its arrival (for boards without a clock).")
    static let fractionalTimestamp = choiceKey(
        "mqtt_fractional_timestamp", .payloads, ["truncate", "refuse"], default: "truncate",
        "What happens to a time with a fraction: the fraction is cut and counted, or the row is refused.")
    static let jsonLenient = booleanKey(
        "mqtt_json_lenient", .payloads, default: false,
        "Whether JSON may have what RFC 8259 forbids and IoTDB's reader takes (comments, single quotes, ...).")
    static let jsonStringAsText = booleanKey(
        "mqtt_json_string_as_text", .payloads, default: false,
        "Whether a JSON string is stored as text even where it looks like a number or a boolean.")
    static let quoteIllegalMeasurements = booleanKey(
        "mqtt_quote_illegal_measurements", .payloads, default: false,
        "Whether a measurement name that is no legal node is stored in back quotes instead of refused.")
    static let deadLetterMaxBytes = integerKey(
        "mqtt_dead_letter_max_bytes", .payloads, 0...1 << 40, unit: "bytes", default: 64 << 20,
        "Room for refused payloads with their reasons (show dead letters); the oldest go first; 0 = keep none.")
    static let deadLetterRate = integerKey(
        "mqtt_dead_letter_rate", .payloads, 1...1_000_000, unit: "per second", default: 10,
        "Refused payloads a second that are kept for one client and reason; what is skipped is counted.")
    static let cacheEntriesMax = integerKey(
        "ingestion_cache_entries_max", .payloads, 16...1 << 24, default: 16_384,
        "Pairs of device and measurement list that each event loop remembers as resolved.")
    static let cacheBytesMax = integerKey(
        "ingestion_cache_max_bytes", .payloads, 64 << 10...1 << 40, unit: "bytes", default: 32 << 20,
        "Bytes that these may take in each event loop, as estimated.")
    static let arrivalDevicesMax = integerKey(
        "ingestion_arrival_devices_max", .payloads, 1...1 << 30, default: 65_536,
        "Devices whose last arrival time is remembered, so that no two rows of one get the same.")
    static let problemsMax = integerKey(
        "ingestion_problems_max", .payloads, 1...100_000, default: 100,
        "Problems of one message that are kept with their text; further ones are only counted.")

    static let rowsMax = integerKey(
        "mqtt_json_rows_max", .payloads, 1...1 << 30, default: 200_000, "Rows of one payload; a larger one is refused.")
    static let valuesMax = integerKey(
        "mqtt_json_values_max", .payloads, 1...1 << 30, default: 1_000_000,
        "Values of one payload, nulls included; a larger one is refused.")
    static let columnsMax = integerKey(
        "mqtt_json_columns_max", .payloads, 1...1 << 20, default: 10_000,
        "Measurements of one element of a payload; a larger one is refused.")
    static let nestingMax = integerKey(
        "mqtt_json_nesting_max", .payloads, 4...63, default: 16,
        "Depth of arrays and objects in a payload; a deeper one is refused.")

    static let all: [KeyDeclaration] = [
        missingTimestamp.declaration, fractionalTimestamp.declaration, jsonLenient.declaration,
        jsonStringAsText.declaration, quoteIllegalMeasurements.declaration, deadLetterMaxBytes.declaration,
        deadLetterRate.declaration, cacheEntriesMax.declaration, cacheBytesMax.declaration,
        arrivalDevicesMax.declaration, problemsMax.declaration, rowsMax.declaration,
        valuesMax.declaration, columnsMax.declaration,
        nestingMax.declaration,
    ]
}
