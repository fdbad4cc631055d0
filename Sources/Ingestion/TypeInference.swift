// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension IngestionSettings {
    /// The type that a value without a declared type gives a new series; nil = no value, so none
    /// (`mqtt-payloads.md` section 3.2, first match wins).
    func inferredType(of cell: IncomingCell, text: Span<UInt8>) -> DataType? {
        switch cell.kind {
        case .null: return nil
        case .boolean: return booleanType
        case .integer: return integerType
        case .decimal: return Double(bitPattern: cell.bits).isNaN ? notANumberType : floatingType
        case .literalText: return .text
        case .binary: return .blob
        case .text: return inferredType(ofText: text.extracting(cell.text.range))
        }
    }

    private func inferredType(ofText text: Span<UInt8>) -> DataType? {
        if equalsIgnoringCase(text, "true") || equalsIgnoringCase(text, "false") { return booleanType }
        if NumberText.isInferredNumber(text) {
            return NumberText.integer(text, trimmingBlanks: true) != nil ? integerType : floatingType
        }
        if isNullText(text) { return nil }
        if equals(text, "NaN") { return notANumberType }
        if text.count >= 3, text[0] == 0x58, text[1] == 0x27, text[text.count - 1] == 0x27 { return .blob }
        return .text
    }
}

/// Whether a value declared as `declared` may be written into a series of type `existing`
/// (`mqtt-payloads.md` section 3.5).
func mayWrite(_ declared: DataType, into existing: DataType) -> Bool {
    switch existing {
    case .boolean: declared == .boolean
    case .int32: declared == .int32
    case .int64: declared == .int32 || declared == .int64 || declared == .timestamp
    case .float: declared == .int32 || declared == .float
    case .double:
        declared == .int32 || declared == .int64 || declared == .float || declared == .double || declared == .timestamp
    case .text, .string: declared == .text || declared == .string
    case .blob: declared == .text || declared == .string || declared == .blob
    case .timestamp: declared == .int32 || declared == .int64 || declared == .timestamp
    case .date: declared == .date
    }
}
