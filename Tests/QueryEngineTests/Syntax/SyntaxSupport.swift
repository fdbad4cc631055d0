// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import QueryEngine

/// Parses with fixed times: milliseconds, UTC, now = 1,000.
func parse(_ sql: String, zone: (any ZoneRules)? = FixedZone(seconds: 0)) throws(StatementError) -> Statement {
    try Parser.parse(
        sql, times: TimeContext(precision: .milliseconds, zone: zone, zoneID: "test", now: 1_000))
}

/// The SELECT of a text.
func parseSelect(_ sql: String) throws -> SelectStatement {
    guard case .select(let select) = try parse(sql) else { throw StatementError(code: 0, message: "not a SELECT") }
    return select
}

/// The only item of a select list, printed.
func printed(_ expression: String) throws -> String {
    try #require(try parseSelect("select \(expression) from root.a").items.first).expression.printed
}

/// The error that a text gives.
func parseError(_ sql: String) -> StatementError? {
    do throws(StatementError) {
        _ = try parse(sql)
        return nil
    } catch {
        return error
    }
}
