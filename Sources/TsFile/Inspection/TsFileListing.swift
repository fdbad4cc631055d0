// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Walks all series of a file in file order, with what the headers of their chunks say. Memory: one index node a level and
/// one series.
package struct TsFileListing: Sendable {
    /// A series as the file has it.
    package struct Series: Sendable, Equatable {
        package let metadata: TsFileSeriesMetadata
        /// In file order.
        package let chunks: [Chunk]

        package var device: TsFileDeviceID { metadata.device }
        /// The stored name; empty for the time column of an aligned device.
        package var measurement: String { metadata.measurement }
        /// Nil for the time column of an aligned device.
        package var type: DataType? { metadata.type }
        package var isAligned: Bool { metadata.isAligned }
        package var pointCount: Int { metadata.statistics.count }
        /// Of the first chunk; our writer and every file that the official readers read keep to one in a series.
        package var encoding: TsFileEncoding? { chunks.first?.header.encoding }
        /// Of the first chunk.
        package var compressor: TsFileCompressor? { chunks.first?.header.compressor }
        /// Of all chunks, headers included.
        package var byteCount: Int { chunks.reduce(0) { $0 + $1.byteCount } }
    }

    /// A chunk of a series.
    package struct Chunk: Sendable, Equatable {
        package let metadata: TsFileChunkMetadata
        package let header: TsFileChunkHeader

        /// Of the marker byte in the file.
        package var offset: Int { metadata.offset }
        package var pointCount: Int { metadata.statistics.count }
        /// Header and pages.
        package var byteCount: Int { header.dataOffset + header.dataSize - metadata.offset }
    }

    private let reader: TsFileReader
    private var devices: TsFileDeviceCursor
    private var series: TsFileSeriesCursor?

    init(_ reader: TsFileReader) {
        self.reader = reader
        devices = reader.devices()
    }

    /// The next series; nil at the end. The time column of an aligned device comes first in it, with an empty name.
    package mutating func next() throws(TsFileError) -> Series? {
        while true {
            if var open = series {
                let metadata = try open.next()
                series = open
                if let metadata { return try list(metadata) }
            }
            guard let device = try devices.next() else { return nil }
            series = try reader.measurements(of: device)
        }
    }

    private func list(_ metadata: TsFileSeriesMetadata) throws(TsFileError) -> Series {
        var chunks: [Chunk] = []
        for chunk in metadata.chunks { chunks.append(Chunk(metadata: chunk, header: try reader.header(of: chunk))) }
        return Series(metadata: metadata, chunks: chunks)
    }
}

extension TsFileReader {
    /// All series with their chunks' headers, one at a time.
    package func listing() -> TsFileListing { TsFileListing(self) }
}
