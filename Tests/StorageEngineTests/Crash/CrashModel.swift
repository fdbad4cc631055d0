// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What one batch writes: rows over several devices, and changes of a participant.
struct PlannedBatch {
    struct Point {
        var series: String
        var id: UInt32
        var time: Int64
        var value: Value
    }

    var ticket: UInt64
    var points: [Point] = []
    var changes: [(key: UInt8, value: UInt8)] = []
}

/// What a statement takes away, or how long it lets points live.
enum PlannedChange {
    /// Points of whatever the pattern matches.
    case delete([(pattern: PathPattern, range: TimeRange)])
    /// Series with these ids, and whatever the patterns match.
    case drop(patterns: [PathPattern], ids: Set<UInt32>)
    case timeToLive(pattern: String, milliseconds: Int64?)
}

/// What happens, in the order of the log.
enum PlannedEvent {
    case batch(PlannedBatch)
    case change(PlannedChange)
}

/// What an engine must hold: the dictionaries that crash tests compare with.
struct Model: Equatable {
    var points: [String: [Int64: Value]] = [:]
    var changes: [UInt8: UInt8] = [:]
    /// By pattern.
    var rules: [String: Int64] = [:]
    /// Ids that rows on their way may still name.
    var dropped: Set<UInt32> = []
    /// Points that were over once and are not any more, because a rule was loosened: compaction may have removed them, or the
    /// newest value of them only. Anything may be seen of them.
    var uncertain: [String: Set<Int64>] = [:]

    /// `now` is the wall clock's, in milliseconds.
    mutating func apply(_ event: PlannedEvent, now: Int64) {
        switch event {
        case .batch(let batch): apply(batch)
        case .change(.delete(let deletions)):
            for (pattern, range) in deletions { remove(range) { pattern.matches($0) } }
        case .change(.drop(let patterns, let ids)):
            remove(.all) { path in patterns.contains { $0.matches(path) } }
            dropped.formUnion(ids)
        case .change(.timeToLive(let pattern, let milliseconds)):
            // Made of what is over now, before the rule changes.
            for (series, times) in points {
                let limit = oldest(series, now)
                let over = times.keys.filter { $0 < limit }
                if !over.isEmpty { uncertain[series, default: []].formUnion(over) }
            }
            rules[pattern] = milliseconds
        }
    }

    mutating func apply(_ batch: PlannedBatch) {
        for point in batch.points where !dropped.contains(point.id) {
            points[point.series, default: [:]][point.time] = point.value
            uncertain[point.series]?.remove(point.time)
        }
        for change in batch.changes { changes[change.key] = change.value }
    }

    private mutating func remove(_ range: TimeRange, _ isMatched: ([String]) -> Bool) {
        for series in points.keys where isMatched(series.split(separator: ".").map(String.init)) {
            if range == .all {
                points[series] = nil
                uncertain[series] = nil
                continue
            }
            points[series]?.keys.filter(range.contains).forEach { points[series]?[$0] = nil }
            uncertain[series] = uncertain[series]?.filter { !range.contains($0) }
            if points[series]?.isEmpty == true { points[series] = nil }
        }
    }

    /// The first time of a series that is not over at `now`.
    private func oldest(_ series: String, _ now: Int64) -> Int64 {
        guard !rules.isEmpty else { return .min }
        var prefix = series.split(separator: ".").dropLast().map(String.init)
        let device = prefix.joined(separator: ".")
        if let rule = rules[device] { return rule == .max ? .min : now - rule }
        while !prefix.isEmpty {
            if let rule = rules[prefix.joined(separator: ".") + ".**"] { return rule == .max ? .min : now - rule }
            prefix.removeLast()
        }
        return .min
    }

    /// What is to be seen of a series at `now`.
    func visible(_ series: String, now: Int64) -> [Int64: Value] {
        let all = points[series] ?? [:]
        let limit = oldest(series, now)
        return limit == .min ? all : all.filter { $0.key >= limit }
    }

    /// Whether what was seen is what this says; else what is different.
    func difference(_ seen: Model, now: Int64) -> String? {
        var text = ""
        for series in Set(seen.points.keys).union(points.keys) {
            let have = seen.points[series] ?? [:]
            let want = visible(series, now: now)
            guard have != want else { continue }
            let free = uncertain[series] ?? []
            for time in Set(have.keys).union(want.keys).sorted() where have[time] != want[time] && !free.contains(time)
            {
                let (have, want) = (have[time].map { "\($0)" } ?? "-", want[time].map { "\($0)" } ?? "-")
                text += "\(series)@\(time): \(have) instead of \(want); "
            }
        }
        if seen.changes != changes { text += "changes \(seen.changes) instead of \(changes); " }
        if seen.rules != rules { text += "rules \(seen.rules) instead of \(rules); " }
        return text.isEmpty ? nil : text
    }
}
