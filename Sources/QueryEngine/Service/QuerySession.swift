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

    /// Parses, judges and begins a statement on a query thread. Rows are read when the result set is pulled. A statement that
    /// is not among the accepted ones is refused with 301 before it does anything.
    package func execute(
        _ sql: String, accepting accepted: AcceptedStatements = .all
    ) async throws(StatementError) -> StatementResult {
        try await service.threads.run { () throws(StatementError) -> StatementResult in
            try self.executeBlocking(sql, accepting: accepted)
        }
    }

    /// ``execute(_:)`` on the calling thread, which may be blocked for long.
    func executeBlocking(
        _ sql: String, accepting accepted: AcceptedStatements = .all
    ) throws(StatementError) -> StatementResult {
        let settings = service.settings
        let unit = 1_000_000_000 / settings.precision.unitsPerSecond
        let times = TimeContext(
            precision: settings.precision, zone: zone, zoneID: zoneID,
            now: service.wallClock.nanosecondsSinceEpoch().floored(by: unit))
        let statement = try Parser.parse(sql, times: times, statementBytesMax: settings.statementBytesMax)
        try accepted.check(statement)
        return try StatementContext(service: service, principal: principal, times: times).execute(statement)
    }
}
