// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

extension ValueStatistics {
    /// The value of the latest point, of a series of this type; nil where statistics do not have it (BLOB).
    func last(of type: DataType) -> Value? {
        switch (self, type) {
        case (.boolean(_, let last, _), .boolean): .boolean(last)
        case (.int32(let numbers), .int32): .int32(numbers.last)
        case (.int32(let numbers), .date): .date(numbers.last)
        case (.int64(let numbers), .int64): .int64(numbers.last)
        case (.int64(let numbers), .timestamp): .timestamp(numbers.last)
        case (.float(let numbers), .float): .float(numbers.last)
        case (.double(let numbers), .double): .double(numbers.last)
        case (.text(_, let last), .text): .text(last)
        case (.string(_, let last, _, _), .string): .string(last)
        default: nil
        }
    }
}
