// SPDX-License-Identifier: Apache-2.0

/// A path with wildcards: `*` is one node, `**` one or more nodes at any place, `ab*`, `*ab`, `*ab*` one node whose content
/// begins with, ends with or contains `ab`. A quoted node is never a wildcard.
package struct PathPattern: Hashable, Sendable {
    /// In canonical form, wildcards as they are.
    package let nodes: [String]
    /// The nodes joined by dots.
    package let text: String
    private let parts: [PatternNode]
    /// Index of the first `**`; nil = every matching path has as many nodes as the pattern.
    private let firstMultiLevel: Int?

    /// `root.**`: everything.
    package static let all = PathPattern(nodes: ["root", "**"])

    /// A pattern of nodes in canonical form.
    package init(nodes: [String]) {
        self.nodes = nodes
        text = nodes.joined(separator: ".")
        parts = nodes.map(PatternNode.init)
        firstMultiLevel = parts.firstIndex(of: .multiLevel)
    }

    /// Reads a pattern as written: as ``DevicePath/init(parsing:)-(Span<UInt8>)``, wildcards allowed.
    package init(parsing text: Span<UInt8>) throws(PathError) {
        var reader = PathReader(text, allowsWildcards: true)
        self.init(nodes: try reader.nodes())
    }

    /// As ``init(parsing:)-(Span<UInt8>)``, from a string.
    package init(parsing text: String) throws(PathError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: bytes.span)
    }

    /// Without wildcards: it matches one path.
    package var isExact: Bool { parts.allSatisfy { if case .exact = $0 { true } else { false } } }

    /// Whether the pattern matches the path of these canonical nodes.
    package func matches(_ path: [String]) -> Bool {
        var node = 0, part = 0
        // Where to go on after the last `**`, should the rest not fit: only the last one ever needs to grow.
        var resume: (node: Int, part: Int)?
        while node < path.count {
            if part < parts.count {
                if parts[part] == .multiLevel {
                    (node, part) = (node + 1, part + 1)
                    resume = (node, part)
                    continue
                }
                if parts[part].matches(path[node]) {
                    (node, part) = (node + 1, part + 1)
                    continue
                }
            }
            guard let last = resume else { return false }
            (node, part) = (last.node + 1, last.part)
            resume = (node, part)
        }
        return part == parts.count
    }

    /// Whether a path that begins with `prefix` and is longer can match: false prunes the whole subtree.
    package func mayMatchBelow(_ prefix: [String]) -> Bool {
        let fixed = firstMultiLevel ?? parts.count
        if firstMultiLevel == nil, prefix.count >= parts.count { return false }
        for index in 0..<min(prefix.count, fixed) where !parts[index].matches(prefix[index]) { return false }
        return true
    }

    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.text == rhs.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension PathPattern: CustomStringConvertible {
    package var description: String { text }
}

/// What one node of a pattern asks for.
private enum PatternNode: Hashable {
    case exact(String)
    case anyNode
    case multiLevel
    case begins(String)
    case ends(String)
    case contains([UInt8])

    init(_ node: String) {
        switch node {
        case "*": self = .anyNode
        case "**": self = .multiLevel
        case _ where node.hasPrefix("`") || !node.utf8.contains(UInt8(ascii: "*")): self = .exact(node)
        case _ where node.hasPrefix("*") && node.hasSuffix("*"):
            self = .contains(Array(node.utf8.dropFirst().dropLast()))
        case _ where node.hasSuffix("*"): self = .begins(String(node.dropLast()))
        default: self = .ends(String(node.dropFirst()))
        }
    }

    func matches(_ node: String) -> Bool {
        switch self {
        case .exact(let text): text == node
        case .anyNode, .multiLevel: true
        case .begins(let text): PathNode.content(node).utf8.starts(with: text.utf8)
        case .ends(let text): PathNode.content(node).utf8.reversed().starts(with: text.utf8.reversed())
        case .contains(let bytes): Self.contains(Array(PathNode.content(node).utf8), bytes)
        }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard text.count >= part.count else { return false }
        return (0...text.count - part.count).contains { text[$0...].starts(with: part) }
    }
}
