// SPDX-License-Identifier: Apache-2.0

/// An index node on its way into the file (`tsfile.md` section 7.1).
struct IndexNodeDraft {
    /// The encoded name or device id, and the position of what it points to.
    var entries: [(key: [UInt8], offset: Int)] = []
    var endOffset = 0
    let kind: IndexNodeKind

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendUVar(UInt32(entries.count))
        for entry in entries {
            bytes.append(contentsOf: entry.key)
            bytes.appendInt64(Int64(entry.offset))
        }
        bytes.appendInt64(Int64(endOffset))
        bytes.append(kind.rawValue)
        return bytes
    }
}

/// One level of an index in the making: nodes of up to 256 entries.
struct IndexLevel {
    private let kind: IndexNodeKind
    private var closed: [IndexNodeDraft] = []
    private var open: IndexNodeDraft

    init(_ kind: IndexNodeKind) {
        self.kind = kind
        open = IndexNodeDraft(kind: kind)
    }

    /// Adds an entry for what comes at `position`; a full node ends there.
    mutating func add(_ key: [UInt8], at position: Int) {
        if open.entries.count == TsFileFormat.indexDegree { close(at: position) }
        open.entries.append((key, position))
    }

    /// The nodes of the level, the last one ending at `position`; there is at least one entry.
    mutating func finish(at position: Int) -> [IndexNodeDraft] {
        close(at: position)
        return closed
    }

    private mutating func close(at position: Int) {
        open.endOffset = position
        closed.append(open)
        open = IndexNodeDraft(kind: kind)
    }

    /// Writes all nodes but the root, level by level, and returns the root (section 7.2, step 3).
    static func reduce<Sink: TsFileSink>(
        _ nodes: [IndexNodeDraft], to kind: IndexNodeKind, _ output: inout TsFileOutput<Sink>
    ) throws -> IndexNodeDraft {
        var nodes = nodes
        while nodes.count > 1 {
            var parents = IndexLevel(kind)
            for node in nodes {
                parents.add(node.entries[0].key, at: output.position)
                try output.write(node.encoded())
            }
            nodes = parents.finish(at: output.position)
        }
        return nodes[0]
    }
}
