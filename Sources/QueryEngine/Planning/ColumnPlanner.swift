// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Settles select list, condition and grouping of a SELECT under some FROM patterns.
struct ColumnPlanner {
    /// A column of the result, before types are known.
    struct Output {
        /// With full paths.
        var expression: Expression
        var alias: String?

        var name: String { alias ?? expression.printed }
    }

    let context: StatementContext
    let statement: SelectStatement
    private var expander: PathExpander
    private var inputs = SeriesInputs()

    init(_ context: StatementContext, _ statement: SelectStatement, from: [PathText], memory: QueryMemory) {
        self.context = context
        self.statement = statement
        expander = PathExpander(context, from: from, memory: memory)
    }

    /// The columns of the result by select item, FROM pattern and series.
    mutating func expandedItems() throws(StatementError) -> [Output] {
        var outputs: [Output] = []
        for item in statement.items {
            guard item.expression.contains({ if case .path = $0.kind { true } else { false } }) else {
                throw .semantic("`\(item.expression.printed)` names no series")
            }
            let expanded = try expander.expand(item.expression)
            if let alias = item.alias, expanded.count > 1 {
                throw .semantic("alias '\(alias)' can only be matched with one time series")
            }
            outputs += expanded.map { Output(expression: $0, alias: item.alias) }
        }
        return outputs
    }

    /// The plan for these columns; nil if there are none.
    mutating func plan(_ outputs: [Output]) throws(StatementError) -> PlannedRows? {
        let isAggregation = try isAggregation()
        let condition = try TimeCondition(statement.condition)
        guard !outputs.isEmpty else { return nil }
        return isAggregation ? try aggregation(outputs, condition) : try raw(outputs, condition)
    }

    /// Whether the select list is made of aggregate functions; 701 if only some of it is.
    private func isAggregation() throws(StatementError) -> Bool {
        let aggregated = statement.items.filter(\.expression.hasAggregate)
        if aggregated.isEmpty {
            if statement.grouping != nil { throw .semantic("GROUP BY needs aggregate functions in the select list") }
            if statement.having != nil { throw .semantic("HAVING needs aggregate functions in the select list") }
            return false
        }
        guard aggregated.count == statement.items.count, !statement.items.contains(where: \.expression.hasRawOperand)
        else { throw .semantic("Raw data and aggregation hybrid query is not supported.") }
        return true
    }

    // MARK: Raw

    private mutating func raw(_ outputs: [Output], _ condition: TimeCondition) throws(StatementError) -> PlannedRows {
        var compiled: [CompiledExpression] = []
        for output in outputs { compiled.append(try compile(output.expression, isStrict: true)) }
        let selectedCount = inputs.series.count
        let filter = try filter(condition.rest)
        return PlannedRows(
            columns: zip(outputs, compiled).map { ResultColumn(name: $0.name, type: $1.type) }, hasTime: true,
            kind: .raw(
                PlannedRows.Raw(
                    inputs: inputs.series, selectedCount: selectedCount, times: condition.times, condition: filter,
                    outputs: compiled)))
    }

    /// Compiles an expression over series, which become inputs.
    private mutating func compile(
        _ expression: Expression, isStrict: Bool
    ) throws(StatementError) -> CompiledExpression {
        // Registered first, because the compiler only looks up.
        inputs.register(expression, expander.series)
        let inputs = inputs
        let compiler = ExpressionCompiler(
            resolve: { (part) throws(StatementError) in inputs.leaf(part) }, isStrict: isStrict,
            precision: context.times.precision)
        return try compiler.compile(expression)
    }

    /// The conditions that are left when time has steered the reading, all of which must hold.
    private mutating func filter(_ conditions: [Expression]) throws(StatementError) -> CompiledExpression? {
        var compiled: [CompiledExpression] = []
        for condition in conditions {
            for expression in try expander.expandCondition(condition) {
                if expression.hasAggregate { throw .semantic("aggregate functions are not allowed in WHERE") }
                let filter = try compile(expression, isStrict: false)
                guard filter.type == .boolean || filter.isNull else {
                    throw .semantic("a condition is BOOLEAN, and `\(expression.printed)` is \(filter.type.name)")
                }
                compiled.append(filter)
            }
        }
        guard compiled.count > 1 else { return compiled.first }
        return CompiledExpression(node: .logic(.and, compiled, isStrict: false), type: .boolean)
    }

    // MARK: Aggregation

    private mutating func aggregation(
        _ outputs: [Output], _ condition: TimeCondition
    ) throws(StatementError) -> PlannedRows {
        var plan = AggregationPlan()
        plan.times = condition.times
        var functions: [Expression: Int] = [:]
        for output in outputs { try addFunctions(of: output.expression, &plan, &functions) }
        let having = try statement.having.map { (having) throws(StatementError) in
            try expander.expandCondition(having)
        }
        for condition in having ?? [] { try addFunctions(of: condition, &plan, &functions) }
        try compileResults(outputs, having, &plan, functions)
        plan.condition = try filter(condition.rest)
        plan.inputs = inputs.series
        var schedule = WindowSchedule(times: context.times)
        if let windows = statement.grouping?.windows {
            schedule = try WindowSchedule(windows, times: context.times, countMax: context.settings.windowsMax)
        }
        return PlannedRows(
            columns: zip(outputs, plan.outputs).map { ResultColumn(name: $0.name, type: $1.type) },
            hasTime: statement.grouping?.windows != nil, kind: .aggregation(plan, schedule))
    }

    /// Compiles what is made of the results of the functions.
    private func compileResults(
        _ outputs: [Output], _ having: [Expression]?, _ plan: inout AggregationPlan, _ functions: [Expression: Int]
    ) throws(StatementError) {
        let types = plan.functions.map(\.resultType)
        var compiler = ExpressionCompiler(
            resolve: { (part) throws(StatementError) in
                functions[part].map { CompiledExpression(node: .input($0), type: types[$0]) }
            }, isStrict: true, precision: context.times.precision)
        for output in outputs { plan.outputs.append(try compiler.compile(output.expression)) }
        guard let having else { return }
        compiler.isStrict = false
        var conditions: [CompiledExpression] = []
        for expression in having { conditions.append(try compiler.condition(expression)) }
        plan.having = CompiledExpression(node: .logic(.and, conditions, isStrict: false), type: .boolean)
    }

    /// Makes the aggregate functions of an expression functions of the plan.
    private mutating func addFunctions(
        of expression: Expression, _ plan: inout AggregationPlan, _ functions: inout [Expression: Int]
    ) throws(StatementError) {
        guard let (function, argument) = try expression.aggregate() else {
            for child in expression.children { try addFunctions(of: child, &plan, &functions) }
            return
        }
        guard functions[expression] == nil else { return }
        if argument.hasAggregate { throw .semantic("aggregate functions cannot be nested: \(expression.printed)") }
        let compiled = try compile(argument, isStrict: true)
        let type = try function.resultType(of: compiled.type)
        functions[expression] = plan.functions.count
        plan.functions.append(
            AggregationPlan.Function(function: function, argument: compiled, resultType: type))
    }
}

/// The series that a plan reads, each once.
struct SeriesInputs: Sendable {
    private(set) var series: [SeriesEntry] = []
    private var indexes: [PathText: Int] = [:]

    /// Takes in every series of an expanded expression.
    mutating func register(_ expression: Expression, _ known: [PathText: SeriesEntry]) {
        if case .path(let path) = expression.kind {
            guard indexes[path] == nil, let entry = known[path] else { return }
            indexes[path] = series.count
            series.append(entry)
        }
        for child in expression.children { register(child, known) }
    }

    /// The input that a path stands for.
    func leaf(_ expression: Expression) -> CompiledExpression? {
        guard case .path(let path) = expression.kind, let index = indexes[path] else { return nil }
        return CompiledExpression(node: .input(index), type: series[index].type)
    }
}
