// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Where the body of a page is.
struct PageBody: Sendable, Equatable {
    /// In the file.
    var offset: Int
    var uncompressedSize: Int
    var compressedSize: Int
}

extension FileCursor {
    /// Reads marker and header of a chunk.
    mutating func chunkHeader() throws(TsFileError) -> TsFileChunkHeader {
        let offset = position
        let marker = try uint8()
        let kind = marker & ChunkMarker.kindMask
        guard kind == ChunkMarker.manyPages || kind == ChunkMarker.onePage else {
            throw TsFileError.corrupt("marker \(marker) in place of a chunk's", at: offset)
        }
        let measurement = try name()
        let dataSize = Int(try uvar())
        let type = try dataType()
        let compressorID = try uint8()
        let encodingID = try uint8()
        guard let compressor = TsFileCompressor(rawValue: compressorID) else {
            throw TsFileError(.unsupported, "chunk at offset \(offset): compressor \(compressorID) is not known")
        }
        guard let encoding = TsFileEncoding(rawValue: encodingID) else {
            throw TsFileError(.unsupported, "chunk at offset \(offset): encoding \(encodingID) is not known")
        }
        guard dataSize <= remaining else {
            throw TsFileError.corrupt("a chunk of \(dataSize) bytes leaves the data area", at: offset)
        }
        return TsFileChunkHeader(
            measurement: measurement, type: type, encoding: encoding, compressor: compressor,
            isAligned: marker != kind, dataSize: dataSize, hasPageStatistics: kind == ChunkMarker.manyPages,
            dataOffset: position)
    }
}

extension TsFileReader {
    /// A cursor from a chunk's marker to the end of the data area.
    func chunkCursor(at offset: Int) throws(TsFileError) -> FileCursor {
        try FileCursor(source, from: offset, to: metadata.metaOffset, limits: limits, version: metadata.version)
    }
}
