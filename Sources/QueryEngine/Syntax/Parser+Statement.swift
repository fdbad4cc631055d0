// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Parser {
    /// What is recognised by its first words but not built; longest first.
    private static let unbuilt: [[String]] = [
        ["CREATE", "ROLE"], ["DROP", "ROLE"],
        ["CREATE", "FUNCTION"], ["CREATE", "TRIGGER"], ["CREATE", "CONTINUOUS"], ["CREATE", "CQ"],
        ["CREATE", "PIPE"], ["CREATE", "SCHEMA"], ["CREATE", "DEVICE"], ["CREATE", "VIEW"],
        ["ALTER", "TIMESERIES"], ["SET", "SYSTEM"],
        ["SHOW", "LATEST", "TIMESERIES"], ["SHOW", "CLUSTER"], ["SHOW", "DATANODES"],
        ["SHOW", "FUNCTIONS"], ["SHOW", "QUERIES"], ["SHOW", "QUERY", "PROCESSLIST"], ["SHOW", "PIPES"],
        ["SHOW", "TRIGGERS"], ["SHOW", "REGIONS"], ["GRANT", "ROLE"], ["REVOKE", "ROLE"], ["LIST", "ROLE"],
        ["LIST", "USER", "OF", "ROLE"], ["LIST", "PRIVILEGES", "OF", "ROLE"], ["CLEAR", "CACHE"], ["KILL", "QUERY"],
        ["KILL", "ALL", "QUERIES"], ["EXPLAIN"], ["MERGE"], ["FULL", "MERGE"], ["SETTLE"],
    ]

    mutating func statement() throws(StatementError) -> Statement {
        for words in Self.unbuilt where words.enumerated().allSatisfy({ isKeyword($1, peek($0)) }) {
            return .unsupported(words.joined(separator: " "))
        }
        let start = current
        guard start.kind == .word else { throw unexpected(expecting: "a statement") }
        advance()
        switch start.text.uppercased() {
        case "SELECT": return try select()
        case "INSERT": return .insert(try insert())
        case "SHOW": return .show(try show())
        case "COUNT": return .count(try count())
        case "CREATE": return try create()
        case "DELETE": return try delete()
        case "SET": return try set()
        case "UNSET": return .timeToLive(try unsetTimeToLive())
        case "LOAD": return .load(try load())
        case "FLUSH": return try flush()
        case "BACKUP": return .backup(try backup())
        case "DROP" where !isKeyword("USER"): return .drop(try drop())
        case "DROP", "ALTER", "GRANT", "REVOKE", "LIST": return .users(try users(start.text.uppercased()))
        default:
            throw error(
                at: start, "mismatched input '\(start.text.prefix(64))' expecting a statement such as SELECT or SHOW")
        }
    }

    private mutating func create() throws(StatementError) -> Statement {
        if accept("USER") {
            let name = try identifier("a user name")
            return .users(.create(user: name, password: try string("a password in quotes")))
        }
        if accept("TIMESERIES") { return .createSeries(try createSeries()) }
        if accept("ALIGNED") {
            try expect("TIMESERIES")
            return .createSeries(try createAlignedSeries())
        }
        guard accept("DATABASE") || accept("STORAGE", "GROUP") else {
            throw unexpected(expecting: "DATABASE, TIMESERIES, ALIGNED TIMESERIES or USER")
        }
        let path = try fullPath()
        return .createDatabase(path, timeToLive: accept("WITH") ? try databaseAttributes() : nil)
    }

    /// `key = integer …`: accepted and, but for TTL, without effect. The time to live, if there is one.
    private mutating func databaseAttributes() throws(StatementError) -> Int64? {
        var timeToLive: Int64?
        repeat {
            let token = current
            let key = try identifier("a key").uppercased()
            try expect(symbol: "=")
            switch key {
            case "TTL": timeToLive = try milliseconds()
            case "SCHEMA_REPLICATION_FACTOR", "DATA_REPLICATION_FACTOR", "TIME_PARTITION_INTERVAL",
                "SCHEMA_REGION_GROUP_NUM", "DATA_REGION_GROUP_NUM":
                _ = try count("an integer")
            default: throw error(at: token, "`\(token.text)` is no attribute of a database")
            }
            _ = accept(symbol: ",")
        } while current.kind == .word
        return timeToLive
    }

    /// After SET.
    private mutating func set() throws(StatementError) -> Statement {
        if accept("TTL") { return .timeToLive(try setTimeToLive()) }
        guard isKeyword("STORAGE") else { throw unexpected(expecting: "TTL or STORAGE GROUP") }
        try expect("STORAGE", "GROUP", "TO")
        return .createDatabase(try fullPath(), timeToLive: nil)
    }

    /// Whatever is named, everything is flushed: more than asked for, never less.
    private mutating func flush() throws(StatementError) -> Statement {
        if isKeyword("ROOT") { _ = try list { (parser) throws(StatementError) in try parser.pattern() } }
        _ = accept("TRUE") || accept("FALSE")
        if accept("ON"), !accept("LOCAL"), !accept("CLUSTER") { throw unexpected(expecting: "LOCAL or CLUSTER") }
        return .flush
    }
}
