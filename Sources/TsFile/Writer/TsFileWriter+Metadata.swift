// SPDX-License-Identifier: Apache-2.0

extension TsFileWriter {
    /// Everything from the separator to the end of the file (`tsfile.md` sections 7.2 and 8).
    mutating func writeMetadata() throws {
        let metaOffset = output.position
        try output.write([ChunkMarker.separator])
        let roots = try writeSeriesMetadata()
        let tables = try writeDeviceIndex(roots)
        let bytes = encodeFileMetadata(tables, metaOffset: metaOffset)
        guard bytes.count <= options.limits.metadataBytesMax else {
            throw TsFileError.limit(
                "the TsFileMetadata", bytes.count, "metadataBytesMax", options.limits.metadataBytesMax)
        }
        try output.write(bytes)
        var tail: [UInt8] = []
        tail.appendInt32(Int32(bytes.count))
        try output.write(tail + TsFileFormat.magic)
    }

    /// Step 1: the TimeseriesMetadata of each device and its lower index nodes. Returns the root node of each device, encoded.
    private mutating func writeSeriesMetadata() throws -> [[UInt8]] {
        var roots: [[UInt8]] = []
        roots.reserveCapacity(index.devices.count)
        let seriesBytes = index.seriesBytes
        for device in index.devices {
            let start = output.position
            try output.write(seriesBytes.span.extracting(device.bytes))
            var leaves = IndexLevel(.leafMeasurement)
            for block in device.blocks {
                var key: [UInt8] = []
                key.appendVString(block.name)
                leaves.add(key, at: start + block.offset - device.bytes.lowerBound)
            }
            let nodes = leaves.finish(at: output.position)
            roots.append(try IndexLevel.reduce(nodes, to: .internalMeasurement, &output).encoded())
        }
        return roots
    }

    /// Step 2: the devices' root nodes and the device index of each table. Returns name and root node of each table.
    private mutating func writeDeviceIndex(_ roots: [[UInt8]]) throws -> [(name: String, root: IndexNodeDraft)] {
        var tables: [(name: String, root: IndexNodeDraft)] = []
        var next = 0
        while next < index.devices.count {
            let table = tableName(next)
            var leaves = IndexLevel(.leafDevice)
            while next < index.devices.count,
                ByteOrder.compare(tableName(next), table) == 0
            {
                var key: [UInt8] = []
                key.append(index.devices[next].id, version: options.version)
                leaves.add(key, at: output.position)
                try output.write(roots[next])
                next += 1
            }
            let nodes = leaves.finish(at: output.position)
            tables.append((table, try IndexLevel.reduce(nodes, to: .internalDevice, &output)))
        }
        return tables
    }

    /// The table of a device; in version 3 all are in one.
    private func tableName(_ device: Int) -> String {
        options.isForIoTDB1 ? "" : index.devices[device].id.table ?? ""
    }

    private func encodeFileMetadata(_ tables: [(name: String, root: IndexNodeDraft)], metaOffset: Int) -> [UInt8] {
        if options.isForIoTDB1 { return encodeOldFileMetadata(tables, metaOffset: metaOffset) }
        var bytes: [UInt8] = []
        bytes.appendUVar(UInt32(tables.count))
        for table in tables {
            bytes.appendVString(table.name)
            bytes.append(contentsOf: table.root.encoded())
        }
        // No table schemas: that is what makes it a tree-model file.
        bytes.appendUVar(0)
        bytes.appendInt64(Int64(metaOffset))
        let filter = index.bloomFilter.filter()
        bytes.appendUVar(UInt32(filter.bytes.count))
        if !filter.bytes.isEmpty {
            bytes.append(contentsOf: filter.bytes)
            bytes.appendUVar(UInt32(filter.size))
            bytes.appendUVar(UInt32(filter.hashes))
        }
        bytes.appendZVar(Int32(TsFileFormat.properties.count))
        for (key, value) in TsFileFormat.properties {
            bytes.appendVString(key)
            bytes.appendVString(value)
        }
        return bytes
    }

    /// The form of version 3 (`tsfile.md` section 13).
    private func encodeOldFileMetadata(
        _ tables: [(name: String, root: IndexNodeDraft)], metaOffset: Int
    ) -> [UInt8] {
        let empty = IndexNodeDraft(endOffset: metaOffset + 1, kind: .leafDevice)
        var bytes = (tables.first?.root ?? empty).encoded()
        bytes.appendInt64(Int64(metaOffset))
        let filter = index.bloomFilter.filter()
        bytes.appendUVar(UInt32(filter.bytes.count))
        bytes.append(contentsOf: filter.bytes)
        bytes.appendUVar(UInt32(max(filter.size, 256)))
        bytes.appendUVar(UInt32(BloomFilter.hashCount))
        return bytes
    }
}
