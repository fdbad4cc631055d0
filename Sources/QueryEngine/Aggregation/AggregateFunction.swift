// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The built-in aggregate functions (`iotdb-sql.md` section 4.4); the raw value is the name in lower case.
enum AggregateFunction: String, CaseIterable, Sendable {
    case count
    case sum
    case avg
    case minValue = "min_value"
    case maxValue = "max_value"
    case firstValue = "first_value"
    case lastValue = "last_value"
    case minTime = "min_time"
    case maxTime = "max_time"
    case extreme
    case stddev
    case stddevPopulation = "stddev_pop"
    case stddevSample = "stddev_samp"
    case variance
    case variancePopulation = "var_pop"
    case varianceSample = "var_samp"
    case timeDuration = "time_duration"

    /// The function of a name as typed; nil for any other name.
    init?(name: String) { self.init(rawValue: name.lowercased()) }

    /// The type of the result over values of `type`; 701 if it does not accept them.
    func resultType(of type: DataType) throws(StatementError) -> DataType {
        switch self {
        case .count, .minTime, .maxTime, .timeDuration: return .int64
        case .firstValue, .lastValue: return type
        case .minValue, .maxValue:
            guard type.isNumeric || type == .timestamp || type == .date || type == .string else {
                throw .semantic(
                    "Aggregate functions [MIN_VALUE, MAX_VALUE] only support data types [INT32, INT64, FLOAT, DOUBLE, "
                        + "STRING, DATE, TIMESTAMP]")
            }
            return type
        case .extreme:
            try requireNumbers(type)
            return type
        default:
            try requireNumbers(type)
            return .double
        }
    }

    private func requireNumbers(_ type: DataType) throws(StatementError) {
        guard type.isNumeric else {
            throw .semantic(
                "Aggregate functions [AVG, SUM, EXTREME, STDDEV, STDDEV_POP, STDDEV_SAMP, VARIANCE, VAR_POP, VAR_SAMP] "
                    + "only support numeric data types [INT32, INT64, FLOAT, DOUBLE]")
        }
    }
}

extension Expression {
    /// The aggregate function that this expression is a call of; nil = none. 701 for a wrong number of arguments.
    func aggregate() throws(StatementError) -> (function: AggregateFunction, argument: Expression)? {
        guard case .function(let call) = kind, let function = AggregateFunction(name: call.name) else { return nil }
        guard call.arguments.count == 1, let argument = call.arguments.first, call.attributes.isEmpty else {
            throw .semantic("\(call.name) takes one argument")
        }
        return (function, argument)
    }

    /// Whether an aggregate function is called anywhere in it.
    var hasAggregate: Bool {
        contains { part in
            if case .function(let call) = part.kind { AggregateFunction(name: call.name) != nil } else { false }
        }
    }

    /// Whether a series or the time is used outside of any aggregate function.
    var hasRawOperand: Bool {
        switch kind {
        case .path, .time: true
        case .function(let call) where AggregateFunction(name: call.name) != nil: false
        default: children.contains(where: \.hasRawOperand)
        }
    }
}
