// SPDX-License-Identifier: Apache-2.0

package import AccessControl
import Logging
import TimeSeriesModel

/// The statements of one user.
package struct QuerySession: Sendable {
    let service: QueryService
    package let principal: Principal
    let zoneID: String
    private let zone: (any ZoneRules)?

    init(service: QueryService, principal: Principal, zoneID: String) {
        self.service = service
        self.principal = principal
        self.zoneID = zoneID
        zone = FixedZone(id: zoneID) ?? service.settings.zoneRules(zoneID)
    }

    /// A statement as far as a query thread brings it.
    private enum Step {
        case finished(StatementResult)
        /// The rest belongs elsewhere.
        case moved(Statement, StatementContext)
    }

    /// Parses, judges and begins a statement on a query thread; one that waits for storage does so on other threads. Rows are
    /// read when the result set is pulled. A statement that is not among the accepted ones is refused with 301 before it does
    /// anything.
    package func execute(
        _ sql: String, accepting accepted: AcceptedStatements = .all
    ) async throws(StatementError) -> StatementResult {
        let step = try await service.pools.reading.run { () throws(StatementError) -> Step in
            try self.begin(sql, accepting: accepted)
        }
        switch step {
        case .finished(let result): return result
        case .moved(let statement, let context):
            return try await service.pools.threads(for: statement.place).run {
                () throws(StatementError) -> StatementResult in
                try context.execute(statement)
            }
        }
    }

    private func begin(_ sql: String, accepting accepted: AcceptedStatements) throws(StatementError) -> Step {
        let settings = service.settings
        let unit = 1_000_000_000 / settings.precision.unitsPerSecond
        let times = TimeContext(
            precision: settings.precision, zone: zone, zoneID: zoneID,
            now: service.wallClock.nanosecondsSinceEpoch().floored(by: unit))
        let statement = try Parser.parse(sql, times: times, statementBytesMax: settings.statementBytesMax)
        try accepted.check(statement)
        let context = StatementContext(service: service, principal: principal, times: times)
        guard statement.place == .reading else { return .moved(statement, context) }
        return .finished(try context.execute(statement))
    }
}
