// SPDX-License-Identifier: Apache-2.0

/// The path of a device (or of any other node below `root`), in canonical form: two spellings of one path are equal.
package struct DevicePath: Hashable, Sendable {
    /// `root` first, at least one more, each as ``PathNode`` describes.
    package let nodes: [String]
    /// The nodes joined by dots.
    package let text: String

    /// Reads a path as written by a client (`mqtt-payloads.md` section 6.1). Wildcards are refused, as are paths beyond
    /// ``PathLimits``.
    package init(parsing text: Span<UInt8>) throws(PathError) {
        var reader = PathReader(text, allowsWildcards: false)
        self.init(canonical: try reader.nodes())
    }

    /// As ``init(parsing:)-(Span<UInt8>)``, from a string.
    package init(parsing text: String) throws(PathError) {
        let bytes = Array(text.utf8)
        try self.init(parsing: bytes.span)
    }

    /// A path of nodes that are known to be canonical: read from the catalog, or made by ``PathNode/canonical(_:)``.
    package init(canonical nodes: [String]) {
        self.nodes = nodes
        text = nodes.joined(separator: ".")
    }

    /// Equal nodes give equal text, and one string is cheaper to compare.
    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.text == rhs.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension DevicePath: CustomStringConvertible {
    package var description: String { text }
}
