// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Reads TsFiles of versions 4 and 3 (IoTDB 1.x). Everything in the file is checked before it is used; garbage throws and never traps.
///
/// Only the tail of the file is kept in memory. Any number of threads may use one reader.
package final class TsFileReader: Sendable {
    let source: any TsFileSource
    let metadata: FileMetadata
    package let limits: TsFileLimits

    /// Opens a file: checks both magics and the version, and parses the tail.
    package init(source: any TsFileSource, limits: TsFileLimits = TsFileLimits()) throws(TsFileError) {
        self.source = source
        self.limits = limits
        metadata = try FileMetadata(source, limits: limits)
    }

    /// What the file holds of a series; nil if it has none of it. Costs no reading when the bloom filter says so.
    package func seriesMetadata(
        device: TsFileDeviceID, measurement: String
    ) throws(TsFileError) -> TsFileSeriesMetadata? {
        guard metadata.bloomFilter.mayContain("\(device).\(measurement)") else { return nil }
        return try lookUp(device: device, measurement: measurement)
    }

    /// The same by the index alone.
    func lookUp(device: TsFileDeviceID, measurement: String) throws(TsFileError) -> TsFileSeriesMetadata? {
        guard var node = try measurementRoot(of: device) else { return nil }
        let isAligned = node.isOfAlignedDevice
        for _ in 0..<limits.indexDepthMax {
            guard let entry = node.lastEntry(whereNot: { ByteOrder.compare($0, measurement) > 0 }) else { return nil }
            if node.kind.isLeaf {
                return try scan(
                    node.range(at: entry), device: device, measurement: measurement, isAligned: isAligned)
            }
            node = try measurementNode(in: node.range(at: entry))
        }
        throw depthError
    }

    /// All devices in file order, one at a time.
    package func devices() -> TsFileDeviceCursor { TsFileDeviceCursor(self) }

    /// All series of a device by name, one at a time; none if the file does not have the device.
    package func measurements(of device: TsFileDeviceID) throws(TsFileError) -> TsFileSeriesCursor {
        TsFileSeriesCursor(self, device: device, root: try measurementRoot(of: device))
    }

    /// The points of a series in a time range, page by page.
    package func points(
        of series: TsFileSeriesMetadata, in range: TimeRange, order: TimeOrder
    ) -> TsFilePointCursor {
        TsFilePointCursor(self, series, range: range, order: order)
    }

    /// The header of a chunk: encoding, compressor and alignment.
    package func header(of chunk: TsFileChunkMetadata) throws(TsFileError) -> TsFileChunkHeader {
        var cursor = try chunkCursor(at: chunk.offset)
        return try cursor.chunkHeader()
    }
}
