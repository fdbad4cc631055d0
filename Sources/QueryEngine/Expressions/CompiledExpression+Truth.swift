// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension CompiledExpression {
    /// Truth values joined by AND or OR one operand at a time, so that a list of any length holds one column, not one for
    /// each of its literals.
    struct Truth {
        private let sign: LogicOperator
        /// Whether every operand so far has a value in the row, and whether one decides it alone.
        private var isKnown: [Bool]
        private var isDecided: [Bool]

        init(_ sign: LogicOperator, count: Int) {
            self.sign = sign
            isKnown = Array(repeating: true, count: count)
            isDecided = Array(repeating: false, count: count)
        }

        private var decisive: UInt64 { sign == .and ? 0 : 1 }

        mutating func join(_ operand: CellColumn) {
            let decisive = decisive
            for row in isKnown.indices {
                if !operand.presence[row] {
                    isKnown[row] = false
                } else if operand.bits[row] == decisive {
                    isDecided[row] = true
                }
            }
        }

        /// Strict: any null makes null. Otherwise one operand may decide alone.
        func column(isStrict: Bool) -> CellColumn {
            var result = CellColumn(nulls: isKnown.count, type: .boolean)
            for row in isKnown.indices where isKnown[row] || isDecided[row] && !isStrict {
                result.presence.set(row)
                result.bits[row] = isDecided[row] ? decisive : 1 - decisive
            }
            return result
        }
    }
}
