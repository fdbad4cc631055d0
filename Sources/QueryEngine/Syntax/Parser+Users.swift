// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// After the verb of a statement about users and rights.
    mutating func users(_ verb: String) throws(StatementError) -> UserStatement {
        switch verb {
        case "DROP":
            try expect("USER")
            return .drop(user: try identifier("a user name"))
        case "ALTER":
            try expect("USER")
            let user = try identifier("a user name")
            try expect("SET", "PASSWORD")
            return .setPassword(user: user, password: try string("a password in quotes"))
        case "GRANT":
            let (privileges, patterns) = try rights()
            try expect("TO")
            let user = try userName()
            let withGrantOption = accept("WITH", "GRANT", "OPTION")
            return .grant(privileges, on: patterns, user: user, withGrantOption: withGrantOption)
        case "REVOKE":
            let (privileges, patterns) = try rights()
            try expect("FROM")
            return .revoke(privileges, on: patterns, user: try userName())
        default:
            return try listing()
        }
    }

    private mutating func rights() throws(StatementError) -> ([String], [PathText]) {
        let privileges = try list { (parser) throws(StatementError) in try parser.identifier("a privilege").uppercased()
        }
        try expect("ON")
        return (privileges, try list { (parser) throws(StatementError) in try parser.pattern() })
    }

    private mutating func userName() throws(StatementError) -> String {
        if isKeyword("ROLE") { throw .unsupported("rights of roles") }
        try expect("USER")
        return try identifier("a user name")
    }

    private mutating func listing() throws(StatementError) -> UserStatement {
        if accept("USER") { return .list }
        try expect("PRIVILEGES", "OF")
        return .listPrivileges(user: try userName())
    }
}
