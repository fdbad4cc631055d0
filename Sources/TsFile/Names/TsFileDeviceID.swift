// SPDX-License-Identifier: Apache-2.0

/// A device as the format names it: a list of segments (`tsfile.md` section 9).
///
/// The order is the order of devices in a file: segment by segment, null first, by UTF-8 bytes; a prefix comes first.
package struct TsFileDeviceID: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// At least one; a nil is a null tag of the table model. The first one is the table name.
    package let segments: [String?]

    /// A device by its segments.
    package init(segments: [String?]) {
        precondition(!segments.isEmpty, "a device has at least one segment")
        self.segments = segments
    }

    /// A device of the tree model by the nodes of its path, quotes included: the first nodes are one segment, three where
    /// there are four nodes or more, else all but the last.
    package init(path nodes: [String]) {
        precondition(!nodes.isEmpty, "a path has at least one node")
        let joined = nodes.count == 1 ? 1 : min(3, nodes.count - 1)
        segments = [nodes[..<joined].joined(separator: ".")] + nodes[joined...].map { $0 }
    }

    /// A device of the tree model by its whole path, as version 3 has it; dots within backquotes do not part nodes.
    init(pathText path: String) {
        var nodes: [String] = []
        var node: [UInt8] = []
        var isQuoted = false
        for byte in path.utf8 {
            if byte == UInt8(ascii: "`") { isQuoted.toggle() }
            if byte == UInt8(ascii: ".") && !isQuoted {
                nodes.append(String(decoding: node, as: UTF8.self))
                node = []
            } else {
                node.append(byte)
            }
        }
        self.init(path: nodes + [String(decoding: node, as: UTF8.self)])
    }

    /// The segments joined with dots, a null as "null": the path of a tree-model device.
    package var description: String { segments.map { $0 ?? "null" }.joined(separator: ".") }

    /// The table name; nil where a broken file has a null there.
    var table: String? { segments.first ?? nil }

    package static func == (lhs: Self, rhs: Self) -> Bool { compare(lhs, rhs) == 0 }

    package static func < (lhs: Self, rhs: Self) -> Bool { compare(lhs, rhs) < 0 }

    package func hash(into hasher: inout Hasher) {
        for segment in segments {
            hasher.combine(segment == nil)
            if let segment { for byte in segment.utf8 { hasher.combine(byte) } }
        }
    }

    private static func compare(_ a: Self, _ b: Self) -> Int {
        for (left, right) in zip(a.segments, b.segments) {
            switch (left, right) {
            case (nil, nil): continue
            case (nil, _): return -1
            case (_, nil): return 1
            case (let left?, let right?):
                let order = ByteOrder.compare(left, right)
                if order != 0 { return order }
            }
        }
        return a.segments.count - b.segments.count
    }
}

extension [UInt8] {
    mutating func append(_ device: TsFileDeviceID, version: UInt8 = TsFileFormat.version) {
        guard version != TsFileFormat.oldVersion else {
            appendVString(device.description)
            return
        }
        appendUVar(UInt32(device.segments.count))
        for segment in device.segments { appendVString(segment) }
    }
}
