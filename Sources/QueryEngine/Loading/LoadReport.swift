// SPDX-License-Identifier: Apache-2.0

/// What a LOAD did.
struct LoadReport {
    /// Series and files that are named in a message; the rest is counted.
    private static let namedMax = 10

    var files = 0
    var series = 0
    var points = 0
    /// Points older than their device's time to live, which are not stored.
    var expiredPoints = 0
    /// Series that could not be stored, and files that could not be read to their end.
    private(set) var refusals = 0
    /// Why, for the first of them.
    private(set) var reasons: [String] = []
    /// The status of the first refusal.
    private(set) var code: Int?

    mutating func refuse(_ error: StatementError) {
        refusals += 1
        if code == nil { code = error.code }
        if reasons.count < Self.namedMax { reasons.append(error.message) }
    }

    mutating func refuse(file path: String, _ message: String) {
        refuse(.failed(message.contains(path) ? message : "\(path): \(message)"))
    }

    /// What is missing, as the statement's error; nil if all is stored.
    var failure: StatementError? {
        guard refusals > 0 || expiredPoints > 0 else { return nil }
        var parts: [String] = []
        if refusals > 0 {
            let more = refusals > reasons.count ? "; and \(refusals - reasons.count) more" : ""
            parts.append("not stored: \(reasons.joined(separator: "; "))\(more)")
        }
        if expiredPoints > 0 { parts.append("\(expiredPoints) points are older than the time to live of their device") }
        return StatementError(
            code: code ?? 607,
            message:
                "\(points) points of \(series) series from \(files) files are stored; \(parts.joined(separator: "; "))")
    }
}
