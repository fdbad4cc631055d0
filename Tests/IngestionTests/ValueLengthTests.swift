// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import Ingestion

@Suite struct ValueLengthTests {
    /// A longer value would be durable in the log, and no page of a TsFile could ever take it.
    @Test func aValueThatFitsNoPageIsRefused() {
        let converter = CellConverter(precision: .milliseconds)
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: CellConverter.valueBytesMax + 1)
        for (length, isStored) in [(CellConverter.valueBytesMax, true), (CellConverter.valueBytesMax + 1, false)] {
            var column = ValueColumn(.text)
            let cell = IncomingCell(.text, text: TextRange(offset: 0, length: length))
            let outcome = converter.append(cell, text: text.span, to: &column)
            if case .failed(.tooLong) = outcome { #expect(!isStored) } else { #expect(isStored) }
            #expect(column.count == (isStored ? 1 : 0))
        }
    }
}
