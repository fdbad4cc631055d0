// SPDX-License-Identifier: Apache-2.0

extension TsFileReader {
    /// Offsets in the index area are above this one.
    var indexStart: Int { metadata.metaOffset + 1 }

    var depthError: TsFileError {
        TsFileError(.limitExceeded, "the index has more levels than the limit indexDepthMax of \(limits.indexDepthMax)")
    }

    /// The node that indexes the device's measurements.
    func measurementRoot(of device: TsFileDeviceID) throws(TsFileError) -> IndexNode<String>? {
        guard let table = device.table, var node = metadata.root(ofTable: table) else { return nil }
        let isOld = metadata.version == TsFileFormat.oldVersion
        let path = device.description
        for _ in 0..<limits.indexDepthMax {
            guard
                let entry = node.lastEntry(whereNot: {
                    isOld ? ByteOrder.compare($0.description, path) > 0 : $0 > device
                })
            else { return nil }
            if node.kind.isLeaf {
                return node.keys[entry] == device ? try measurementNode(in: node.range(at: entry)) : nil
            }
            node = try deviceNode(in: node.range(at: entry))
        }
        throw depthError
    }

    func deviceNode(in range: Range<Int>) throws(TsFileError) -> IndexNode<TsFileDeviceID> {
        var cursor = try indexCursor(range)
        return try cursor.deviceNode(after: indexStart)
    }

    func measurementNode(in range: Range<Int>) throws(TsFileError) -> IndexNode<String> {
        var cursor = try indexCursor(range)
        return try cursor.measurementNode(after: indexStart)
    }

    /// A cursor over a part of the index area.
    func indexCursor(_ range: Range<Int>) throws(TsFileError) -> FileCursor {
        guard range.lowerBound >= indexStart && range.upperBound <= metadata.indexEnd else {
            throw TsFileError.corrupt("an index entry that leaves the index", at: range.lowerBound)
        }
        return try FileCursor(
            source, from: range.lowerBound, to: range.upperBound, limits: limits, version: metadata.version,
            windowBytes: 16 << 10)
    }

    /// Looks for one series in a block of TimeseriesMetadata.
    func scan(
        _ range: Range<Int>, device: TsFileDeviceID, measurement: String, isAligned: Bool
    ) throws(TsFileError) -> TsFileSeriesMetadata? {
        var cursor = try indexCursor(range)
        while cursor.remaining > 0 {
            let series = try cursor.seriesMetadata(
                of: device, isAligned: isAligned, named: measurement, dataEnd: metadata.metaOffset)
            if let series { return series }
        }
        return nil
    }
}
