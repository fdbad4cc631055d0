// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension JSONDefect {
    /// One sentence naming the key, the value and the rule; `text` is that of the rows.
    func message(_ text: Span<UInt8>, _ settings: JSONFormatSettings) -> String {
        let value = "`\(TextExcerpt.make(text.extracting(range)))`"
        switch kind {
        case .notAnObject: return "\(value) is not an object; a list holds objects with device, timestamp and so on"
        case .deviceMissing: return "device is missing; give a path such as root.sg.d1"
        case .deviceNotText: return "device \(value) is not a string; give a path such as \"root.sg.d1\""
        case .deviceEmpty: return "device is empty; give a path such as root.sg.d1"
        case .measurementsMissing: return "measurements is missing; give an array of column names"
        case .measurementsNotArray: return "measurements \(value) is not an array of column names"
        case .measurementNotText: return "measurements[\(first)] \(value) is not a string; quote every column name"
        case .measurementTwice: return "measurement \(value) occurs twice; name each column once"
        case .noMeasurements: return "measurements is empty; name at least one column"
        case .tooManyColumns:
            return "\(first) columns; at most \(second) (mqtt_json_columns_max), so split the row"
        case .typesNotArray: return "datatypes \(value) is not an array of type names"
        case .typeNotText: return "datatypes[\(first)] \(value) is not a type name"
        case .typeUnknown: return "datatypes[\(first)] \(value) is not a type that can be written; \(Self.typeNames)"
        case .typesLength: return "datatypes has \(first) entries, measurements \(second); give one type a measurement"
        case .alignmentNotBoolean: return "isAligned \(value) is neither true nor false"
        case .valuesMissing: return "values is missing; give one value a measurement"
        case .valuesNotArray: return "values \(value) is not an array"
        case .valuesFlat:
            return "values is one flat array; with timestamps it is an array with one array of values a time"
        case .valueNotScalar: return "values[\(first)] \(value) is not a number, string, boolean or null"
        case .valuesLength: return "values has \(first) entries, measurements \(second)"
        case .rowIsNull: return "the row's values are null; give an array"
        case .rowNotArray: return "the row's values \(value) are not an array"
        case .rowWithoutValues: return "no values: values has \(first) rows, timestamps \(second) entries"
        case .rowWithoutTime: return "no time: values has \(first) rows, timestamps \(second) entries"
        default: return timeMessage(value, settings)
        }
    }

    private static let typeNames =
        "use BOOLEAN, INT32, INT64, FLOAT, DOUBLE, TEXT, STRING, BLOB, TIMESTAMP or DATE, in upper case"

    private func timeMessage(_ value: String, _ settings: JSONFormatSettings) -> String {
        switch kind {
        case .timeMissing:
            return "time missing: neither timestamp nor timestamps; send one, or set mqtt_missing_timestamp=arrival"
        case .timestampsNotArray: return "timestamps \(value) is not an array of integers"
        case .timeBeyond64Bits: return "time \(value) is out of range: it does not fit into 64 bits"
        case .timeFractional:
            return "time \(value) has a fraction; send whole units, or set mqtt_fractional_timestamp=truncate"
        case .timeTooLarge:
            let precision = settings.precision
            let unit = precision == .milliseconds ? "microseconds or nanoseconds" : "nanoseconds"
            return "time \(value) is too large for timestamp_precision=\(precision.rawValue) "
                + "(at most \(precision.magnitudeLimit ?? .max) either way); is it in \(unit)?"
        default: return "time \(value) is not an integer"
        }
    }
}
