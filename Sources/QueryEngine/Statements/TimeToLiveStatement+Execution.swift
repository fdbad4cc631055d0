// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

/// SET TTL, UNSET TTL, SHOW TTL.
extension StatementContext {
    func execute(_ statement: TimeToLiveStatement) throws(StatementError) -> StatementResult {
        guard service.access.allows(principal, .manageDatabase) else {
            throw .denied(Privilege.manageDatabase.sqlName, on: statement.pattern.text)
        }
        try requireWritableLog()
        try stored {
            try service.storage.setTimeToLive(
                PathPattern(nodes: statement.pattern.nodes), milliseconds: statement.milliseconds)
        }
        return .done
    }

    /// SHOW ALL TTL lists the rules; SHOW TTL ON what applies to the databases and devices that the patterns match.
    func showTimesToLive(_ patterns: [PathText]?) -> StatementResult {
        let columns: [ResultColumn] = [.text("Device"), .text("TTL(ms)")]
        guard let patterns else {
            let rules = schema.timeToLives().filter { isVisible($0.pattern) }
            return listing(columns, of: rules.map { ($0.pattern.text, $0.milliseconds) }) {
                [.text($0.0), .text(Self.timeToLiveText($0.1))]
            }
        }
        let unit = settings.precision.unitsPerSecond / 1_000
        var rows: [[String]: Int64?] = [:]
        for pattern in patterns {
            for database in visibleDatabases(pattern) {
                let time = schema.timeToLive(covering: DevicePath(canonical: database.nodes))
                rows[database.nodes] = .some(time.map { $0 / unit })
            }
            for device in visibleDevices(pattern) {
                rows[device.path.nodes] = .some(device.timeToLive.map { $0 / unit })
            }
        }
        let sorted = rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return listing(columns, of: sorted.map { ($0.key.joined(separator: "."), $0.value) }) {
            [.text($0.0), .text(Self.timeToLiveText($0.1))]
        }
    }

    /// A rule is visible to who may know something below it.
    private func isVisible(_ rule: PathPattern) -> Bool {
        guard !isAdministrator else { return true }
        return mayKnow(rule.nodes) || !visibleSeries(PathText(nodes: rule.nodes + ["**"])).isEmpty
    }

    /// Milliseconds, or `INF`.
    static func timeToLiveText(_ milliseconds: Int64?) -> String {
        guard let milliseconds, milliseconds < .max else { return "INF" }
        return String(milliseconds)
    }
}
