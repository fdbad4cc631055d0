// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel
import TsFile

/// `apus inspect --json` of a TsFile.
struct TsFileJSON: Encodable {
    struct Series: Encodable {
        var device: String
        var measurement: String
        var type: String
        var aligned: Bool
        var encoding: String?
        var compressor: String?
        var points: Int
        var startTime: Int64?
        var endTime: Int64?
        var bytes: Int
        var chunks: [Chunk]
    }

    struct Chunk: Encodable {
        var offset: Int
        var bytes: Int
        var points: Int
        var startTime: Int64?
        var endTime: Int64?
        var pages: [Page]
    }

    struct Page: Encodable {
        var offset: Int
        var uncompressed: Int
        var compressed: Int
        var points: Int
    }

    /// Of a file whose index cannot be read.
    struct Found: Encodable {
        var device: String
        var measurement: String
        var type: String
        var chunks: Int
        var bytes: Int
    }

    struct Damage: Encodable {
        var series: String
        var offset: Int?
        var message: String
    }

    var file: String
    var kind = "tsfile"
    var version: Int?
    var bytes: Int
    var dataBytes: Int?
    var indexBytes: Int?
    var closingBytes: Int?
    var bloomFilterBits: Int?
    var devices: Int
    var points: Int
    var properties: [String: String?]
    var series: [Series]
    var damages: [Damage]
    var found: [Found]
    var foundEnd: Int?

    init(_ inspection: TsFileInspection, name: String) {
        file = name
        version = inspection.layout?.version
        bytes = inspection.byteCount
        dataBytes = inspection.layout?.indexStart
        indexBytes = inspection.layout.map { $0.closingStart - $0.indexStart }
        closingBytes = inspection.layout.map { $0.byteCount - $0.closingStart }
        bloomFilterBits = inspection.layout?.bloomFilterBits
        devices = inspection.deviceCount
        points = inspection.pointCount
        properties = Dictionary(inspection.properties.map { ($0.name, $0.value) }) { $1 }
        series = inspection.series.map(Series.init)
        found = inspection.found.map {
            Found(
                device: $0.device, measurement: $0.measurement, type: $0.type?.name ?? "VECTOR", chunks: $0.chunks,
                bytes: $0.byteCount)
        }
        foundEnd = inspection.foundEnd
        damages = inspection.damages.map { Damage(series: $0.series, offset: $0.offset, message: $0.message) }
    }
}

extension TsFileJSON.Series {
    init(_ series: TsFileInspection.Series) {
        let hasPoints = series.statistics.count > 0
        self.init(
            device: series.device, measurement: series.measurement, type: series.type?.name ?? "VECTOR",
            aligned: series.isAligned, encoding: series.encoding?.name, compressor: series.compressor?.name,
            points: series.statistics.count, startTime: hasPoints ? series.statistics.startTime : nil,
            endTime: hasPoints ? series.statistics.endTime : nil, bytes: series.byteCount,
            chunks: series.chunks.map(TsFileJSON.Chunk.init))
    }
}

extension TsFileJSON.Chunk {
    init(_ chunk: TsFileInspection.Chunk) {
        let hasPoints = chunk.statistics.count > 0
        self.init(
            offset: chunk.offset, bytes: chunk.byteCount, points: chunk.statistics.count,
            startTime: hasPoints ? chunk.statistics.startTime : nil,
            endTime: hasPoints ? chunk.statistics.endTime : nil,
            pages: chunk.pages.map {
                .init(
                    offset: $0.offset, uncompressed: $0.uncompressedSize, compressed: $0.compressedSize,
                    points: $0.statistics.count)
            })
    }
}
