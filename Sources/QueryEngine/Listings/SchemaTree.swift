// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// The visible paths of the schema as a tree: databases, devices, series, and the nodes between.
struct SchemaTree {
    private let context: StatementContext

    init(_ context: StatementContext) { self.context = context }

    /// The children of every node that the pattern matches, each once, in order.
    func children(of pattern: PathText) -> [[String]] {
        let matcher = PathPattern(nodes: pattern.nodes)
        var children: Set<[String]> = []
        for nodes in paths(below: pattern) {
            // A path has many prefixes, but only a pattern with `**` can match more than one.
            for length in prefixLengths(pattern, of: nodes) where length < nodes.count {
                let child = Array(nodes.prefix(length + 1))
                if !children.contains(child), matcher.matches(Array(nodes.prefix(length))) { children.insert(child) }
            }
        }
        return children.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// How many distinct paths of `level` (root is 0) are on the way to, or are, what the pattern matches.
    func countNodes(_ pattern: PathText, level: Int) -> Int {
        let matcher = PathPattern(nodes: pattern.nodes)
        var found: Set<[String]> = []
        for nodes in paths(below: pattern) where nodes.count > level {
            let node = Array(nodes.prefix(level + 1))
            guard !found.contains(node) else { continue }
            let isMatched = prefixLengths(pattern, of: nodes).contains { length in
                length > level && matcher.matches(Array(nodes.prefix(length)))
            }
            if isMatched { found.insert(node) }
        }
        return found.count
    }

    /// The paths of databases and series that lie at or below what the pattern matches.
    private func paths(below pattern: PathText) -> [[String]] {
        let at = context.visibleSeries(pattern), below = context.visibleSeries(PathText(nodes: pattern.nodes + ["**"]))
        let databases = context.schema.databases().filter(context.isVisible)
        return (at + below).map(\.nodes) + databases.map(\.nodes)
    }

    /// Lengths of prefixes of `nodes` that the pattern can match at all.
    private func prefixLengths(_ pattern: PathText, of nodes: [String]) -> ClosedRange<Int> {
        let least = min(pattern.nodes.count, nodes.count)
        return pattern.nodes.contains("**") ? least...nodes.count : least...least
    }

    /// The kind of a node, as SHOW CHILD PATHS names it.
    func kind(of nodes: [String]) -> String {
        let databases = context.schema.databases()
        if databases.contains(where: { $0.nodes == nodes }) { return "DATABASE" }
        if databases.contains(where: { $0.nodes.count > nodes.count && $0.nodes.starts(with: nodes) }) {
            return "SG INTERNAL"
        }
        if context.schema.device(at: nodes.joined(separator: ".")) != nil { return "DEVICE" }
        let parent = context.schema.device(at: nodes.dropLast().joined(separator: "."))
        return parent?.series(named: nodes.last ?? "") != nil ? "TIMESERIES" : "INTERNAL"
    }
}
