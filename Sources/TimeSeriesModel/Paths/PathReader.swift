// SPDX-License-Identifier: Apache-2.0

/// Splits the text of a path into nodes and judges each (`mqtt-payloads.md` section 6.1).
struct PathReader: ~Escapable {
    private let text: Span<UInt8>
    private let allowsWildcards: Bool
    private var index = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>, allowsWildcards: Bool) {
        self.text = text
        self.allowsWildcards = allowsWildcards
    }

    /// All nodes in canonical form, `root` first; at least two.
    @_lifetime(self: copy self)
    mutating func nodes() throws(PathError) -> [String] {
        guard !text.isEmpty else { throw illegal("it is empty; write root. and the nodes below it") }
        guard text.count <= PathLimits.pathBytesMax else {
            throw PathError(
                code: .pathLimit,
                message: "path \(TextExcerpt.make(text)) has \(text.count) bytes; at most \(PathLimits.pathBytesMax)")
        }
        guard (try? UTF8Span(validating: text)) != nil else { throw illegal("it is not UTF-8") }
        var nodes: [String] = []
        while true {
            let node = try nextNode(isFirst: nodes.isEmpty)
            guard node.utf8.count <= PathLimits.nodeBytesMax, nodes.count < PathLimits.nodesMax else {
                throw PathError(
                    code: .pathLimit,
                    message: "path \(TextExcerpt.make(text)): at most \(PathLimits.nodesMax) nodes of at most "
                        + "\(PathLimits.nodeBytesMax) bytes")
            }
            nodes.append(node)
            guard index < text.count else { break }
            index += 1
        }
        guard nodes.count > 1 else { throw illegal("at least one node below root is needed, as in root.sg.d1") }
        return nodes
    }

    /// Reads up to the next dot or the end, and leaves the index there.
    @_lifetime(self: copy self)
    private mutating func nextNode(isFirst: Bool) throws(PathError) -> String {
        if !isFirst, index < text.count, text[index] == UInt8(ascii: "`") { return try quotedNode() }
        let start = index
        while index < text.count, text[index] != UInt8(ascii: ".") { index += 1 }
        let node = text.extracting(start..<index)
        if isFirst {
            guard node.count == 4, PathNode.string(node) == "root" else {
                throw illegal("it does not start with root (lower case)")
            }
            return "root"
        }
        guard !node.isEmpty else { throw illegal("it has an empty node; remove the superfluous dot") }
        try judge(node)
        return PathNode.string(node)
    }

    private func judge(_ node: Span<UInt8>) throws(PathError) {
        if hasWildcard(node) {
            guard allowsWildcards else {
                throw illegal(
                    "node \(TextExcerpt.make(node)) is a wildcard, which cannot be written to; "
                        + "name one device, or quote the node: \(quoted(node))")
            }
            guard isWellFormedWildcard(node) else {
                throw illegal("node \(TextExcerpt.make(node)): wildcards are *, **, a*, *a and *a*")
            }
            return
        }
        if NodeCharacters.isReserved(node) {
            throw illegal("node \(TextExcerpt.make(node)) is a reserved word; write it in back quotes: \(quoted(node))")
        }
        if NodeCharacters.isRealNumber(node) {
            throw illegal("node \(TextExcerpt.make(node)) reads as a number; write it in back quotes: \(quoted(node))")
        }
        if NodeCharacters.classify(node) == .other {
            throw illegal(
                "node \(TextExcerpt.make(node)) has a character outside letters, digits, _ : @ # $ { } and "
                    + "U+2E80-U+9FFF; write it in back quotes: \(quoted(node))")
        }
    }

    @_lifetime(self: copy self)
    private mutating func quotedNode() throws(PathError) -> String {
        let start = index
        index += 1
        while index < text.count {
            if text[index] == UInt8(ascii: "`") {
                guard index + 1 < text.count, text[index + 1] == UInt8(ascii: "`") else { break }
                index += 1
            }
            index += 1
        }
        guard index < text.count else { throw illegal("a back quote is not closed; write two for one inside a node") }
        index += 1
        guard index == text.count || text[index] == UInt8(ascii: ".") else {
            throw illegal("something follows a closing back quote; put a dot between nodes, two back quotes for one")
        }
        let written = text.extracting(start..<index)
        guard let content = PathNode.unquoted(written), NodeCharacters.isQuotable(content.span) else {
            throw illegal("node \(TextExcerpt.make(written)) is empty or has a tab or line break")
        }
        return PathNode.canonical(content: content.span)
    }

    private func hasWildcard(_ node: Span<UInt8>) -> Bool {
        for index in node.indices where node[index] == UInt8(ascii: "*") { return true }
        return false
    }

    /// `*`, `**`, or one or both ends `*` around unquoted characters.
    private func isWellFormedWildcard(_ node: Span<UInt8>) -> Bool {
        if node.count <= 2, PathNode.string(node) == "*" || PathNode.string(node) == "**" { return true }
        let lower = node[0] == UInt8(ascii: "*") ? 1 : 0
        let upper = node[node.count - 1] == UInt8(ascii: "*") ? node.count - 1 : node.count
        guard lower < upper else { return false }
        return NodeCharacters.classify(node.extracting(lower..<upper)) != .other
    }

    private func quoted(_ node: Span<UInt8>) -> String {
        node.count <= TextExcerpt.bytesMax ? PathNode.quoted(node) : "`…`"
    }

    private func illegal(_ rule: String) -> PathError {
        PathError(message: "illegal path \(TextExcerpt.make(text)): \(rule)")
    }
}
