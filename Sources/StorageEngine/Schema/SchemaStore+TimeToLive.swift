// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TimeSeriesModel

extension SchemaStore {
    /// The rules how long points are kept, by pattern; the highest number = for ever.
    package func timeToLives() -> [(pattern: PathPattern, milliseconds: Int64)] {
        state.withLock { $0.timeToLives.all }.compactMap { rule in
            (try? PathPattern(parsing: rule.pattern)).map { ($0, rule.milliseconds) }
        }
    }

    /// How long the points of a device with this path are kept, or would be, in the server's precision; nil = for ever.
    package func timeToLive(covering device: DevicePath) -> Int64? {
        state.withLock { $0.timeToLives.timeToLive(of: device.nodes) }
    }

    /// Sets a rule, or takes one back (nil). False if nothing changes.
    func setTimeToLive(_ pattern: PathPattern, milliseconds: Int64?) throws(SchemaError) -> Bool {
        if let milliseconds, milliseconds <= 0 {
            throw SchemaError(.wrongShape, "a time to live is above zero, and \(milliseconds) is not")
        }
        let isNew = try state.withLock { state throws(SchemaError) in
            let key = try state.ruleKey(pattern)
            guard state.timeToLives[key] != milliseconds else { return false }
            try state.checkRule(key, isNew: milliseconds != nil && state.timeToLives[key] == nil)
            state.apply(timeToLive: milliseconds, pattern: key)
            state.unlogged.append(.timeToLive(pattern: key, milliseconds: milliseconds))
            state.pendingRules += 1
            return true
        }
        if isNew { tellOfChange() }
        return isNew
    }
}

extension SchemaState {
    /// How the rules name a pattern.
    fileprivate func ruleKey(_ pattern: PathPattern) throws(SchemaError) -> String {
        let isBelow = pattern.nodes.last == TimeToLiveRules.below
        let prefix = isBelow ? Array(pattern.nodes.dropLast()) : pattern.nodes
        guard prefix.first == "root", PathPattern(nodes: prefix).isExact else {
            throw SchemaError(
                .badPath,
                "\(pattern.text) cannot have a time to live: name a device, a database, or a path followed by .**")
        }
        guard !isBelow, databases[ByteKey(pattern.text)] != nil else { return pattern.text }
        return "\(pattern.text).\(TimeToLiveRules.below)"
    }

    fileprivate func checkRule(_ key: String, isNew: Bool) throws(SchemaError) {
        guard isNew else { return }
        guard key.hasSuffix(".\(TimeToLiveRules.below)") || devices[ByteKey(key)] != nil else {
            throw SchemaError(
                .unknownSeries,
                "\(key) is neither a device nor a database; for everything below it write \(key).**")
        }
        guard timeToLives.count < settings.timeToLiveRulesMax else {
            throw SchemaError(
                .pathLimit,
                "\(key) gets no time to live: there are \(timeToLives.count) rules, and ttl_rule_capacity="
                    + "\(settings.timeToLiveRulesMax) allows no more")
        }
    }

    /// Changes a rule, and what the devices remember of it.
    mutating func apply(timeToLive milliseconds: Int64?, pattern: String) {
        timeToLives[pattern] = milliseconds
        let prefix = pattern.utf8.dropLast(pattern.hasSuffix(".\(TimeToLiveRules.below)") ? 3 : 0)
        for device in devicesByID.values where device.path.text.utf8.starts(with: prefix) {
            device.setTimeToLive(timeToLives.timeToLive(of: device.path.nodes))
        }
    }
}
