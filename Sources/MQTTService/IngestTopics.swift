// SPDX-License-Identifier: Apache-2.0

/// The topics that are ingested (`mqtt_ingest_topics`, `mqtt-payloads.md` section 1.1): MQTT topic filters; an empty list
/// ingests nothing. As the standard says, a filter that begins with a wildcard leaves `$` topics out.
package struct IngestTopics: Sendable {
    /// Filter levels as bytes.
    private let filters: [[[UInt8]]]
    /// The default `#`: everything but `$` topics.
    private let takesAll: Bool

    /// The filters of a comma-separated list, or an error that names the bad one.
    package init(_ list: String) throws(IngestTopicsError) {
        var filters: [[[UInt8]]] = []
        for part in list.split(separator: ",") {
            let filter = Self.trimmed(part)
            let levels = filter.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
            for (index, level) in levels.enumerated() where !Self.isLegal(level, isLast: index == levels.count - 1) {
                throw IngestTopicsError(
                    message: "`\(String(decoding: filter, as: UTF8.self))` is no topic filter: `+` must fill a level, "
                        + "`#` must be the last level")
            }
            filters.append(levels)
        }
        self.filters = filters
        takesAll = filters.contains([[UInt8(ascii: "#")]])
    }

    /// Whether a publish to `topic` is formatted and stored.
    package func matches(_ topic: Span<UInt8>) -> Bool {
        let isSystem = topic.count > 0 && topic[0] == UInt8(ascii: "$")
        if takesAll, !isSystem { return true }
        return filters.contains { Self.matches($0, topic, isSystem: isSystem) }
    }

    private static func trimmed(_ part: Substring) -> [UInt8] {
        var bytes = Array(part.utf8)
        while bytes.last == 0x20 { bytes.removeLast() }
        return Array(bytes.drop { $0 == 0x20 })
    }

    private static func isLegal(_ level: [UInt8], isLast: Bool) -> Bool {
        let hash = UInt8(ascii: "#"), plus = UInt8(ascii: "+")
        if level.contains(hash), level != [hash] || !isLast { return false }
        return !level.contains(plus) || level == [plus]
    }

    private static func matches(_ filter: [[UInt8]], _ topic: Span<UInt8>, isSystem: Bool) -> Bool {
        if isSystem, filter[0] == [UInt8(ascii: "#")] || filter[0] == [UInt8(ascii: "+")] { return false }
        var start = 0
        for level in filter {
            if level == [UInt8(ascii: "#")] { return true }
            guard start <= topic.count else { return false }
            var end = start
            while end < topic.count, topic[end] != UInt8(ascii: "/") { end += 1 }
            if level != [UInt8(ascii: "+")], !equal(level, topic, start..<end) { return false }
            start = end + 1
        }
        // `start` is one past the separator: at the end of the topic it is count + 1.
        return start == topic.count + 1
    }

    private static func equal(_ level: [UInt8], _ topic: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard level.count == range.count else { return false }
        for index in level.indices where level[index] != topic[range.lowerBound + index] { return false }
        return true
    }
}

/// A filter of `mqtt_ingest_topics` that is none.
package struct IngestTopicsError: Error, Sendable {
    package var message: String
}
