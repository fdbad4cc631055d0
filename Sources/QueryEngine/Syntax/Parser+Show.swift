// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// After SHOW.
    mutating func show() throws(StatementError) -> ShowStatement {
        if accept("DATABASES") || accept("STORAGE", "GROUP") {
            let details = accept("DETAILS")
            return .databases(try pattern(default: ["root", "**"]), details: details)
        }
        if accept("DEVICES") { return try showDevices() }
        if accept("TIMESERIES") {
            let pattern = try pattern(default: ["root", "**"])
            if isKeyword("WHERE") { throw .unsupported("SHOW TIMESERIES … WHERE") }
            return .timeseries(pattern, try page())
        }
        if accept("CHILD", "PATHS") { return .childPaths(try pattern(default: ["root"])) }
        if accept("CHILD", "NODES") { return .childNodes(try pattern(default: ["root"])) }
        if accept("ALL", "TTL") { return .timesToLive(nil) }
        if accept("TTL") {
            try expect("ON")
            return .timesToLive(try list { (parser) throws(StatementError) in try parser.pattern() })
        }
        if accept("VERSION") { return .version }
        if accept("CURRENT_TIMESTAMP") { return .currentTimestamp }
        return try showView()
    }

    private mutating func showDevices() throws(StatementError) -> ShowStatement {
        let pattern = try pattern(default: ["root", "**"])
        let withDatabase = accept("WITH")
        if withDatabase, !accept("DATABASE") { try expect("STORAGE", "GROUP") }
        if isKeyword("WHERE") { throw .unsupported("SHOW DEVICES … WHERE") }
        return .devices(pattern, withDatabase: withDatabase, try page())
    }

    private mutating func showView() throws(StatementError) -> ShowStatement {
        let position = position(of: current)
        var words: [String] = []
        while current.kind == .word, !isKeyword("LIMIT"), !isKeyword("OFFSET") {
            words.append(current.text.uppercased())
            advance()
        }
        guard !words.isEmpty else { throw unexpected(expecting: "what to show, such as DATABASES or TIMESERIES") }
        return .view(words, try page(), position: position)
    }

    /// After COUNT.
    mutating func count() throws(StatementError) -> CountStatement {
        if accept("DATABASES") || accept("STORAGE", "GROUP") {
            return .databases(try pattern(default: ["root", "**"]))
        }
        if accept("DEVICES") { return .devices(try pattern(default: ["root", "**"])) }
        if accept("TIMESERIES") {
            let pattern = try pattern(default: ["root", "**"])
            if isKeyword("WHERE") { throw .unsupported("COUNT TIMESERIES … WHERE") }
            guard accept("GROUP", "BY") else { return .timeseries(pattern, level: nil) }
            return .timeseries(pattern, level: try level())
        }
        if accept("NODES") {
            let pattern = try pattern()
            return .nodes(pattern, level: try level())
        }
        throw unexpected(expecting: "DATABASES, DEVICES, TIMESERIES or NODES")
    }

    private mutating func level() throws(StatementError) -> Int {
        try expect("LEVEL")
        try expect(symbol: "=")
        return try count("a level")
    }
}
