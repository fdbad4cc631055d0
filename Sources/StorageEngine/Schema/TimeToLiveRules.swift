// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// How long points are kept: rules by pattern, of which the longest prefix of a device wins.
struct TimeToLiveRules {
    /// The rule's number that means "for ever".
    static let forEver = Int64.max
    /// The last node of a pattern that covers a path and everything below.
    static let below = "**"

    var precision = TimestampPrecision.milliseconds
    /// `default_ttl_in_ms`: where no rule fits; nil = for ever.
    var standard: Int64?
    private var rules: [ByteKey: Int64] = [:]

    /// The rules, by pattern.
    var all: [(pattern: String, milliseconds: Int64)] {
        rules.map { ($0.key.text, $0.value) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    var count: Int { rules.count }

    subscript(pattern: String) -> Int64? {
        get { rules[ByteKey(pattern)] }
        set { rules[ByteKey(pattern)] = newValue }
    }

    /// How long the points of a device are kept, in the server's precision; nil = for ever.
    func timeToLive(of nodes: [String]) -> Int64? {
        guard let milliseconds = milliseconds(of: nodes), milliseconds != Self.forEver else { return nil }
        let (time, isTooLong) = milliseconds.multipliedReportingOverflow(by: precision.unitsPerSecond / 1_000)
        return isTooLong || time == .max ? nil : time
    }

    private func milliseconds(of nodes: [String]) -> Int64? {
        guard !rules.isEmpty else { return standard }
        let path = nodes.joined(separator: ".")
        if let rule = rules[ByteKey(path)] { return rule }
        var prefix = nodes
        while !prefix.isEmpty {
            if let rule = rules[ByteKey(prefix.joined(separator: ".") + "." + Self.below)] { return rule }
            prefix.removeLast()
        }
        return standard
    }
}
