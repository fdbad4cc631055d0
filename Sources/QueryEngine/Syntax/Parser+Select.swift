// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// After SELECT.
    mutating func select() throws(StatementError) -> Statement {
        var select = SelectStatement()
        if isKeyword("LAST"), !isSymbol(",", peek()), !isKeyword("FROM", peek()), !isSymbol(".", peek()),
            !isSymbol("(", peek())
        {
            advance()
            select.isLast = true
        }
        select.items = try list { (parser) throws(StatementError) in try parser.selectItem() }
        try expect("FROM")
        select.from = try list { (parser) throws(StatementError) in try parser.pattern() }
        if accept("WHERE") { select.condition = try expression() }
        if accept("GROUP", "BY") { select.grouping = try grouping() }
        if accept("HAVING") { select.having = try expression() }
        while true {
            if select.order.isEmpty, accept("ORDER", "BY") {
                select.order = try list { (parser) throws(StatementError) in try parser.sortItem() }
            } else if select.fill == nil, accept("FILL") {
                select.fill = try fill()
            } else {
                break
            }
        }
        try pages(&select.page, series: &select.seriesPage)
        if accept("ALIGN", "BY") {
            if accept("DEVICE") { select.alignment = .device } else { try expect("TIME") }
        }
        return .select(select)
    }

    private mutating func selectItem() throws(StatementError) -> SelectStatement.Item {
        let expression = try expression()
        guard accept("AS") else { return SelectStatement.Item(expression: expression, alias: nil) }
        let alias = current.kind == .string ? try string("a name") : try identifier("a name")
        return SelectStatement.Item(expression: expression, alias: alias)
    }

    private mutating func grouping() throws(StatementError) -> SelectStatement.Grouping {
        var grouping = SelectStatement.Grouping()
        repeat {
            let isTime = isSymbol("(") || (isKeyword("TIME") && isSymbol("(", peek()))
            if isTime, grouping.windows == nil {
                _ = accept("TIME")
                grouping.windows = try windows()
            } else if grouping.levels.isEmpty, accept("LEVEL") {
                try expect(symbol: "=")
                grouping.levels = try levels()
            } else {
                throw unexpected(expecting: "a time window or LEVEL")
            }
        } while accept(symbol: ",")
        return grouping
    }

    /// Levels, as far as numbers follow: a comma may also begin the next group item.
    private mutating func levels() throws(StatementError) -> [Int] {
        var levels = [try count("a level")]
        while isSymbol(","), peek().kind == .integer {
            advance()
            levels.append(try count("a level"))
        }
        return levels
    }

    private mutating func windows() throws(StatementError) -> SelectStatement.Windows {
        try expect(symbol: "(")
        var range: SelectStatement.Windows.Range?
        if isSymbol("[") || isSymbol("(") {
            let closesRight = isSymbol("(")
            advance()
            let start = try time()
            try expect(symbol: ",")
            let end = try time()
            try expect(symbol: closesRight ? "]" : ")")
            range = SelectStatement.Windows.Range(start: start, end: end, closesRight: closesRight)
            try expect(symbol: ",")
        }
        let interval = try duration()
        let step = accept(symbol: ",") ? try duration() : interval
        try expect(symbol: ")")
        return SelectStatement.Windows(range: range, interval: interval, step: step)
    }

    private mutating func sortItem() throws(StatementError) -> SelectStatement.SortItem {
        var item = SelectStatement.SortItem(key: .time)
        if accept("TIME") || accept("TIMESTAMP") {
            item.key = .time
        } else if accept("DEVICE") {
            item.key = .device
        } else if accept("TIMESERIES") {
            item.key = .timeseries
        } else {
            item.key = .expression(try expression())
        }
        if accept("DESC") { item.isDescending = true } else { _ = accept("ASC") }
        if accept("NULLS") {
            item.nullsFirst = accept("FIRST")
            if item.nullsFirst == false { try expect("LAST") }
        }
        return item
    }

    private mutating func fill() throws(StatementError) -> SelectStatement.Fill {
        try expect(symbol: "(")
        let fill: SelectStatement.Fill
        if accept("PREVIOUS") {
            fill = .previous(accept(symbol: ",") ? try duration() : nil)
        } else if accept("LINEAR") {
            fill = .linear
        } else {
            fill = .literal(try literal())
        }
        if isSymbol(","), peek().kind == .duration {
            throw .semantic("FILL takes a duration with PREVIOUS only")
        }
        try expect(symbol: ")")
        return fill
    }

    /// LIMIT and OFFSET, SLIMIT and SOFFSET, each at most once, in any order.
    private mutating func pages(_ page: inout Page, series: inout Page) throws(StatementError) {
        var seen: Set<String> = []
        while let word = ["LIMIT", "OFFSET", "SLIMIT", "SOFFSET"].first(where: { isKeyword($0) }) {
            guard seen.insert(word).inserted else { throw error("\(word) occurs twice") }
            advance()
            let value = try count("a number of rows")
            switch word {
            case "LIMIT": page.limit = value
            case "OFFSET": page.offset = value
            case "SLIMIT": series.limit = value
            default: series.offset = value
            }
        }
    }

    /// LIMIT and OFFSET of a listing.
    mutating func page() throws(StatementError) -> Page {
        var page = Page(), none = Page()
        let token = current
        try pages(&page, series: &none)
        guard none == Page() else { throw error(at: token, "SLIMIT and SOFFSET belong to SELECT") }
        return page
    }
}
