// SPDX-License-Identifier: Apache-2.0

/// An index node as it was read (`tsfile.md` section 7.1). Entry i covers the bytes up to entry i + 1, the last one up to
/// `endOffset`; offsets rise and lie before the node itself, so that a walk always comes to an end.
struct IndexNode<Key: Sendable>: Sendable {
    let keys: [Key]
    let offsets: [Int]
    let endOffset: Int
    let kind: IndexNodeKind

    /// The bytes that entry `index` covers.
    func range(at index: Int) -> Range<Int> {
        offsets[index]..<(index + 1 < offsets.count ? offsets[index + 1] : endOffset)
    }

    /// The last entry for which `isAfterWanted` is false; entries are in order, and it is true from some entry on.
    func lastEntry(whereNot isAfterWanted: (Key) -> Bool) -> Int? {
        var low = 0, high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if isAfterWanted(keys[middle]) { high = middle } else { low = middle + 1 }
        }
        return low == 0 ? nil : low - 1
    }
}

extension IndexNode where Key == String {
    /// Of a measurement root: the time column has the empty name and so is the first one. Not every writer marks the columns
    /// themselves.
    var isOfAlignedDevice: Bool { keys.first?.isEmpty ?? false }
}

extension FileCursor {
    mutating func deviceNode(after start: Int) throws(TsFileError) -> IndexNode<TsFileDeviceID> {
        let offset = position
        let node = try indexNode(after: start) { (cursor: inout FileCursor) throws(TsFileError) in
            try cursor.deviceID()
        }
        guard node.kind.isDevice else {
            throw TsFileError.corrupt("a measurement node in place of a device node", at: offset)
        }
        return node
    }

    mutating func measurementNode(after start: Int) throws(TsFileError) -> IndexNode<String> {
        let offset = position
        let node = try indexNode(after: start) { (cursor: inout FileCursor) throws(TsFileError) in
            try cursor.name()
        }
        guard !node.kind.isDevice else {
            throw TsFileError.corrupt("a device node in place of a measurement node", at: offset)
        }
        return node
    }

    /// `start` is where the metadata area begins: nothing that a node points to lies before it.
    private mutating func indexNode<Key: Sendable>(
        after start: Int, key: (inout FileCursor) throws(TsFileError) -> Key
    ) throws(TsFileError) -> IndexNode<Key> {
        let nodeOffset = position
        let count = Int(try uvar())
        // A key takes a byte or more, its offset eight.
        guard count > 0 && count <= remaining / 9 else {
            throw TsFileError.corrupt("an index node of \(count) entries", at: nodeOffset)
        }
        var keys: [Key] = []
        var offsets: [Int] = []
        var previous = start - 1
        for _ in 0..<count {
            keys.append(try key(&self))
            let offset = Int(try int64())
            guard offset > previous else {
                throw TsFileError.corrupt("index offset \(offset) after \(previous)", at: position - 8)
            }
            offsets.append(offset)
            previous = offset
        }
        let endOffset = Int(try int64())
        guard endOffset > previous && endOffset <= nodeOffset else {
            throw TsFileError.corrupt("an index node whose entries end at \(endOffset)", at: nodeOffset)
        }
        guard let kind = IndexNodeKind(rawValue: try uint8()) else {
            throw TsFileError.corrupt("an unknown kind of index node", at: position - 1)
        }
        return IndexNode(keys: keys, offsets: offsets, endOffset: endOffset, kind: kind)
    }
}
