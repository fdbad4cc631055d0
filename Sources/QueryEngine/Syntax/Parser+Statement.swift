// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension Parser {
    /// What is recognised by its first words but not built; longest first.
    private static let unbuilt: [[String]] = [
        ["CREATE", "ALIGNED", "TIMESERIES"], ["CREATE", "ROLE"], ["DROP", "ROLE"],
        ["CREATE", "FUNCTION"], ["CREATE", "TRIGGER"], ["CREATE", "CONTINUOUS"], ["CREATE", "CQ"],
        ["CREATE", "PIPE"], ["CREATE", "SCHEMA"], ["CREATE", "DEVICE"], ["CREATE", "VIEW"],
        ["DELETE", "FROM"], ["DELETE", "DATABASE"], ["DROP", "DATABASE"], ["DELETE", "STORAGE", "GROUP"],
        ["DROP", "STORAGE", "GROUP"], ["DELETE", "TIMESERIES"], ["DROP", "TIMESERIES"], ["ALTER", "TIMESERIES"],
        ["SET", "TTL"], ["UNSET", "TTL"], ["SET", "SYSTEM"], ["SHOW", "ALL", "TTL"], ["SHOW", "TTL"],
        ["SHOW", "LATEST", "TIMESERIES"], ["SHOW", "CLUSTER"], ["SHOW", "DATANODES"],
        ["SHOW", "FUNCTIONS"], ["SHOW", "QUERIES"], ["SHOW", "QUERY", "PROCESSLIST"], ["SHOW", "PIPES"],
        ["SHOW", "TRIGGERS"], ["SHOW", "REGIONS"], ["GRANT", "ROLE"], ["REVOKE", "ROLE"], ["LIST", "ROLE"],
        ["LIST", "USER", "OF", "ROLE"], ["LIST", "PRIVILEGES", "OF", "ROLE"], ["CLEAR", "CACHE"], ["KILL", "QUERY"],
        ["KILL", "ALL", "QUERIES"], ["LOAD"], ["EXPLAIN"], ["MERGE"], ["FULL", "MERGE"], ["SETTLE"],
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
        case "SET": return try setStorageGroup()
        case "FLUSH": return try flush()
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
        if accept("TIMESERIES") { return try createSeries() }
        guard accept("DATABASE") || accept("STORAGE", "GROUP") else {
            throw unexpected(expecting: "DATABASE, TIMESERIES or USER")
        }
        let path = try fullPath()
        if accept("WITH") { try ignoreDatabaseAttributes() }
        return .createDatabase(path)
    }

    /// A series and its type; what else the grammar allows is not built.
    private mutating func createSeries() throws(StatementError) -> Statement {
        let path = try fullPath()
        if isSymbol("(") { throw .unsupported("an alias") }
        _ = accept("WITH")
        if accept("DATATYPE") { try expect(symbol: "=") }
        let token = current
        let name = try identifier("a data type")
        guard let type = DataType(name: name.uppercased()) else { throw error(at: token, "`\(name)` is no data type") }
        _ = accept(symbol: ",")
        if current.kind == .word { throw .unsupported("CREATE TIMESERIES with \(current.text.uppercased())") }
        return .createSeries(path, type)
    }

    /// `key = integer …`: accepted and without effect, but for TTL, which is not built.
    private mutating func ignoreDatabaseAttributes() throws(StatementError) {
        repeat {
            let token = current
            let key = try identifier("a key").uppercased()
            try expect(symbol: "=")
            _ = try count("an integer")
            switch key {
            case "TTL": throw .unsupported("WITH TTL")
            case "SCHEMA_REPLICATION_FACTOR", "DATA_REPLICATION_FACTOR", "TIME_PARTITION_INTERVAL",
                "SCHEMA_REGION_GROUP_NUM", "DATA_REGION_GROUP_NUM":
                break
            default: throw error(at: token, "`\(token.text)` is no attribute of a database")
            }
            _ = accept(symbol: ",")
        } while current.kind == .word
    }

    private mutating func setStorageGroup() throws(StatementError) -> Statement {
        try expect("STORAGE", "GROUP", "TO")
        return .createDatabase(try fullPath())
    }

    /// Whatever is named, everything is flushed: more than asked for, never less.
    private mutating func flush() throws(StatementError) -> Statement {
        if isKeyword("ROOT") { _ = try list { (parser) throws(StatementError) in try parser.pattern() } }
        _ = accept("TRUE") || accept("FALSE")
        if accept("ON"), !accept("LOCAL"), !accept("CLUSTER") { throw unexpected(expecting: "LOCAL or CLUSTER") }
        return .flush
    }
}
