// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What is wrong with a piece of an element. A few words of memory; becomes a ``Problem`` only if it is reported.
struct JSONDefect {
    enum Kind {
        case notAnObject
        case deviceMissing, deviceNotText, deviceEmpty
        case timeMissing, timeNotInteger, timeBeyond64Bits, timeTooLarge, timeFractional, timestampsNotArray
        case measurementsMissing, measurementsNotArray, measurementNotText, measurementTwice, noMeasurements
        case tooManyColumns
        case typesNotArray, typeNotText, typeUnknown, typesLength
        case alignmentNotBoolean
        case valuesMissing, valuesNotArray, valuesFlat, valueNotScalar, valuesLength
        case rowIsNull, rowNotArray, rowWithoutValues, rowWithoutTime
    }

    let kind: Kind
    // 32 bits are enough for any payload, and keep the element small.
    private let offset: UInt32
    private let length: UInt32
    private let firstNumber: Int32
    private let secondNumber: Int32

    /// A defect of the piece at `range`, with counts or an index as the kind needs them.
    init(_ kind: Kind, at range: Range<Int>, _ first: Int = 0, _ second: Int = 0) {
        self.kind = kind
        offset = UInt32(truncatingIfNeeded: range.lowerBound)
        length = UInt32(truncatingIfNeeded: range.count)
        firstNumber = Int32(clamping: first)
        secondNumber = Int32(clamping: second)
    }

    /// The piece, in the text of the rows; empty where something is missing.
    var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
    var first: Int { Int(firstNumber) }
    var second: Int { Int(secondNumber) }

    var code: ProblemCode {
        switch kind {
        case .notAnObject, .deviceNotText, .measurementsNotArray, .measurementNotText, .typesNotArray, .typeNotText,
            .alignmentNotBoolean, .valuesNotArray, .valuesFlat, .valueNotScalar, .rowIsNull, .rowNotArray,
            .timestampsNotArray:
            .wrongShape
        case .deviceEmpty: .badPath
        case .deviceMissing, .measurementsMissing, .valuesMissing, .timeMissing, .noMeasurements: .missingField
        case .timeNotInteger, .timeBeyond64Bits, .timeTooLarge, .timeFractional: .badTime
        case .measurementTwice: .duplicateKey
        case .tooManyColumns: .tooManyValues
        case .typeUnknown: .unsupportedType
        case .typesLength, .valuesLength, .rowWithoutValues, .rowWithoutTime: .lengthMismatch
        }
    }
}
