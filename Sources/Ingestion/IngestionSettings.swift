// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// How values without a declared type are typed, and what may be created (`mqtt-payloads.md` section 5.2).
package struct IngestionSettings: Sendable {
    /// `enable_auto_create_schema`.
    package var createsSchema = true
    /// `enable_partial_insert`: a row whose column fails is stored without it.
    package var insertsPartially = true
    /// `boolean_string_infer_type`: BOOLEAN or TEXT.
    package var booleanType = DataType.boolean
    /// `integer_string_infer_type`: INT32, INT64, FLOAT, DOUBLE or TEXT.
    package var integerType = DataType.double
    /// `floating_string_infer_type`: FLOAT, DOUBLE or TEXT.
    package var floatingType = DataType.double
    /// `nan_string_infer_type`: FLOAT, DOUBLE or TEXT.
    package var notANumberType = DataType.double
    /// `mqtt_quote_illegal_measurements`: an illegal measurement name is stored as a quoted node instead of refused.
    package var quotesIllegalMeasurements = false
    package var precision = TimestampPrecision.milliseconds
    /// `ingestion_cache_entries_max`: resolved (device, measurement list) pairs that one worker remembers.
    package var cacheEntriesMax = 16_384
    /// `ingestion_cache_max_bytes`: bytes that they may take, as estimated.
    package var cacheBytesMax = 32 * 1024 * 1024
    /// `ingestion_arrival_devices_max`: devices whose last arrival time is remembered; beyond, all get later ones.
    package var arrivalDevicesMax = 65_536
    /// `ingestion_problems_max`: problems of one message that are kept with their text; the rest is only counted.
    package var problemsMax = 100

    package init() {}
}
