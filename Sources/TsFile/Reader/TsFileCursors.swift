// SPDX-License-Identifier: Apache-2.0

/// Lists the devices of a file. Memory: one index node a level.
package struct TsFileDeviceCursor: Sendable {
    private let reader: TsFileReader
    private var walk: IndexWalk<TsFileDeviceID>
    private var nextTable = 0

    init(_ reader: TsFileReader) {
        self.reader = reader
        walk = IndexWalk(reader)
    }

    /// The next device; nil at the end.
    package mutating func next() throws(TsFileError) -> TsFileDeviceID? {
        let reader = reader
        while true {
            let entry = try walk.next { (range) throws(TsFileError) in try reader.deviceNode(in: range) }
            if let entry { return entry.key }
            guard nextTable < reader.metadata.tables.count else { return nil }
            try walk.push(reader.metadata.tables[nextTable].root)
            nextTable += 1
        }
    }
}

/// Lists the series of a device. Memory: one index node a level.
package struct TsFileSeriesCursor: Sendable {
    private let reader: TsFileReader
    private let device: TsFileDeviceID
    private let isAligned: Bool
    private var root: IndexNode<String>?
    private var walk: IndexWalk<String>
    private var block: FileCursor?

    init(_ reader: TsFileReader, device: TsFileDeviceID, root: IndexNode<String>?) {
        self.reader = reader
        self.device = device
        isAligned = root?.isOfAlignedDevice ?? false
        self.root = root
        walk = IndexWalk(reader)
    }

    /// The next series; nil at the end.
    package mutating func next() throws(TsFileError) -> TsFileSeriesMetadata? {
        let reader = reader
        if let first = root {
            root = nil
            try walk.push(first)
        }
        while true {
            if var open = block, open.remaining > 0 {
                let series = try open.seriesMetadata(
                    of: device, isAligned: isAligned, named: nil, dataEnd: reader.metadata.metaOffset)
                block = open
                if let series { return series }
            }
            let entry = try walk.next { (range) throws(TsFileError) in try reader.measurementNode(in: range) }
            guard let entry else { return nil }
            block = try reader.indexCursor(entry.range)
        }
    }
}

/// Visits the entries of leaf nodes, depth first.
private struct IndexWalk<Key: Sendable>: Sendable {
    private var stack: [(node: IndexNode<Key>, next: Int)] = []
    /// Bytes of the index area that may still be visited. Nodes of a sound file do not share bytes; in a broken one this keeps
    /// a walk from visiting the same node over and over.
    private var budget: Int
    private let depthMax: Int
    private let depthError: TsFileError

    init(_ reader: TsFileReader) {
        budget = reader.metadata.indexEnd - reader.metadata.metaOffset
        depthMax = reader.limits.indexDepthMax
        depthError = reader.depthError
    }

    mutating func push(_ node: IndexNode<Key>) throws(TsFileError) {
        guard stack.count < depthMax else { throw depthError }
        stack.append((node, 0))
    }

    /// The next entry of a leaf; nil when the nodes are used up. `load` reads the node in a range.
    mutating func next(
        load: (Range<Int>) throws(TsFileError) -> IndexNode<Key>
    ) throws(TsFileError) -> (key: Key, range: Range<Int>)? {
        while let (node, next) = stack.last {
            guard next < node.keys.count else {
                stack.removeLast()
                continue
            }
            stack[stack.count - 1].next += 1
            let range = node.range(at: next)
            budget -= range.count
            guard budget >= 0 else {
                throw TsFileError.corrupt("index nodes that share their bytes", at: range.lowerBound)
            }
            if node.kind.isLeaf { return (node.keys[next], range) }
            try push(try load(range))
        }
        return nil
    }
}
