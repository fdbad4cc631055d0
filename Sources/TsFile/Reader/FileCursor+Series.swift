// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension FileCursor {
    /// The type of a series; nil for VECTOR, the time column of an aligned device.
    mutating func dataType() throws(TsFileError) -> DataType? {
        let id = try uint8()
        if id == TsFileFormat.vectorTypeID { return nil }
        guard let type = DataType(rawValue: id) else {
            throw TsFileError.corrupt("an unknown data type \(id)", at: position - 1)
        }
        return type
    }

    /// Reads the next TimeseriesMetadata; nil, without having parsed it, if `wanted` is another name.
    mutating func seriesMetadata(
        of device: TsFileDeviceID, isAligned: Bool, named wanted: String?, dataEnd: Int
    ) throws(TsFileError) -> TsFileSeriesMetadata? {
        let offset = position
        let flags = try uint8()
        let name = try name()
        let type = try dataType()
        let listSize = Int(try uvar())
        if let wanted, ByteOrder.compare(wanted, name) != 0 {
            _ = try skipStatistics(type)
            try skip(listSize)
            return nil
        }
        let statistics = try statistics(type)
        let listEnd = position + listSize
        guard listSize >= 8 && listSize <= remaining else {
            throw TsFileError.corrupt("a list of \(listSize) bytes for the chunks of \(name)", at: offset)
        }
        var chunks: [TsFileChunkMetadata] = []
        while position < listEnd {
            let chunkOffset = Int(try int64())
            guard chunkOffset >= TsFileFormat.headByteCount && chunkOffset < dataEnd else {
                throw TsFileError.corrupt(
                    "a chunk of \(name) at \(chunkOffset) outside the data area", at: position - 8)
            }
            let own = flags & ChunkMarker.kindMask == 0 ? statistics : try self.statistics(type)
            chunks.append(TsFileChunkMetadata(offset: chunkOffset, statistics: own))
        }
        let series = TsFileSeriesMetadata(
            device: device, measurement: name, type: type,
            isAligned: isAligned || type == nil || flags & (ChunkMarker.timeColumn | ChunkMarker.valueColumn) != 0,
            statistics: statistics, chunks: chunks)
        guard position == listEnd, Self.isConsistent(series) else {
            throw TsFileError.corrupt("chunks that contradict the statistics of \(name)", at: offset)
        }
        return series
    }

    /// Chunks with points follow each other in time and add up to the series.
    private static func isConsistent(_ series: TsFileSeriesMetadata) -> Bool {
        var count = 0
        var latest: Timestamp?
        for chunk in series.chunks where chunk.statistics.count > 0 {
            if let latest, chunk.statistics.startTime <= latest { return false }
            if latest == nil && chunk.statistics.startTime != series.statistics.startTime { return false }
            latest = chunk.statistics.endTime
            count += chunk.statistics.count
        }
        return count == series.statistics.count && (latest == nil || latest == series.statistics.endTime)
    }
}
