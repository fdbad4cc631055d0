// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel
package import TsFile

/// What a TsFile holds, for a person: as much as can be read of it, and why not the rest.
package struct TsFileInspection: Sendable {
    /// A series, or the time column of an aligned device.
    package struct Series: Sendable, Equatable {
        package let device: String
        /// Empty for the time column of an aligned device.
        package let measurement: String
        /// Nil for the time column of an aligned device.
        package let type: DataType?
        package let isAligned: Bool
        /// Of the first chunk; nil if it could not be read.
        package let encoding: TsFileEncoding?
        package let compressor: TsFileCompressor?
        package let statistics: SeriesStatistics
        /// Bytes of its chunks in the data area, headers included.
        package let byteCount: Int
        package let chunks: [Chunk]

        /// Pages of all chunks; 0 where they are not listed.
        package var pageCount: Int { chunks.reduce(0) { $0 + $1.pages.count } }
    }

    /// A chunk of a series.
    package struct Chunk: Sendable, Equatable {
        package let offset: Int
        package let byteCount: Int
        package let statistics: SeriesStatistics
        /// Empty where they are not listed.
        package let pages: [TsFilePage]
    }

    /// A series of a file whose index cannot be read: what the heads of its chunks say.
    package struct Found: Sendable, Equatable {
        package let device: String
        package let measurement: String
        /// Nil for the time column of an aligned device.
        package let type: DataType?
        package let encoding: TsFileEncoding
        package let compressor: TsFileCompressor
        package internal(set) var chunks: Int
        package internal(set) var byteCount: Int
    }

    /// Something that cannot be read.
    package struct Damage: Sendable, Equatable {
        /// The series that it concerns; empty = the file.
        package let series: String
        /// Where in the file, if that is known.
        package let offset: Int?
        package let message: String
    }

    package let byteCount: Int
    /// Nil if the end of the file cannot be read.
    package var layout: TsFileLayout?
    package var properties: [TsFileProperty] = []
    package var deviceCount = 0
    package var series: [Series] = []
    package var damages: [Damage] = []
    /// Where the index cannot be read: what a walk from the front found, in file order.
    package var found: [Found] = []
    /// Up to where that walk came.
    package var foundEnd: Int?

    private let listsPages: Bool

    /// Reads the index of a file and decodes every page. `advance` hears of bytes of the data area that are done. Memory: that of the
    /// index, with `listsPages` some 40 bytes a page more.
    package init(_ file: any StorageFile, listsPages: Bool = false, advance: (Int) -> Void = { _ in }) {
        byteCount = file.byteCount
        self.listsPages = listsPages
        do throws(TsFileError) {
            let reader = try TsFileReader(source: StorageFileSource(file: file))
            layout = reader.layout
            properties = reader.properties
            try readDevices(reader, advance)
        } catch {
            damages.append(Damage(error))
            if layout == nil { scan(file) }
        }
    }

    /// Walks from the front over what is whole.
    private mutating func scan(_ file: any StorageFile) {
        guard var scan = try? TsFileScan(source: StorageFileSource(file: file)) else { return }
        var indexes: [String: Int] = [:]
        do throws(TsFileError) {
            while let group = try scan.next() {
                for chunk in group.chunks { note(chunk.header, of: "\(group.device)", &indexes) }
            }
            if let failure = scan.failure { damages.append(Damage(failure)) }
        } catch {
            damages.append(Damage(error))
        }
        foundEnd = scan.usableEnd
    }

    private mutating func note(_ header: TsFileChunkHeader, of device: String, _ indexes: inout [String: Int]) {
        let path = "\(device).\(header.measurement)"
        if let index = indexes[path] {
            found[index].chunks += 1
            found[index].byteCount += header.dataSize
        } else {
            indexes[path] = found.count
            found.append(
                Found(
                    device: device, measurement: header.measurement, type: header.type, encoding: header.encoding,
                    compressor: header.compressor, chunks: 1, byteCount: header.dataSize))
        }
    }

    private mutating func readDevices(
        _ reader: TsFileReader, _ advance: (Int) -> Void
    ) throws(TsFileError) {
        var devices = reader.devices()
        while let device = try devices.next() {
            deviceCount += 1
            do throws(TsFileError) {
                var cursor = try reader.measurements(of: device)
                while let found = try cursor.next() {
                    let one = describe(found, reader)
                    series.append(one)
                    verify(found, reader)
                    advance(one.byteCount)
                }
            } catch {
                damages.append(Damage(error, series: "\(device)"))
            }
        }
    }

    private mutating func describe(_ series: TsFileSeriesMetadata, _ reader: TsFileReader) -> Series {
        var chunks: [Chunk] = []
        var first: TsFileChunkHeader?
        for chunk in series.chunks {
            do throws(TsFileError) {
                let header = try reader.header(of: chunk)
                first = first ?? header
                chunks.append(
                    Chunk(
                        offset: chunk.offset, byteCount: header.dataEnd - chunk.offset, statistics: chunk.statistics,
                        pages: listsPages ? try reader.pages(of: chunk, in: series) : []))
            } catch {
                damages.append(Damage(error, series: "\(series.device).\(series.measurement)"))
            }
        }
        return Series(
            device: "\(series.device)", measurement: series.measurement, type: series.type,
            isAligned: first?.isAligned ?? series.isAligned, encoding: first?.encoding, compressor: first?.compressor,
            statistics: series.statistics, byteCount: chunks.reduce(0) { $0 + $1.byteCount }, chunks: chunks)
    }

    private mutating func verify(_ series: TsFileSeriesMetadata, _ reader: TsFileReader) {
        // The time column is decoded with each of the values.
        guard series.type != nil else { return }
        do throws(TsFileError) {
            _ = try reader.verify(series)
        } catch {
            damages.append(Damage(error, series: "\(series.device).\(series.measurement)"))
        }
    }
}

extension TsFileInspection.Damage {
    init(_ error: TsFileError, series: String = "") {
        let message = "\(error)"
        self.init(series: series, offset: DamageOffset.offset(in: message), message: message)
    }
}

/// The place that an error's sentence names.
enum DamageOffset {
    /// The number behind the last "offset".
    static func offset(in message: String) -> Int? {
        let words = message.split { $0 == " " || $0 == ":" || $0 == "," || $0 == ";" }
        guard let position = words.lastIndex(of: "offset"), position + 1 < words.count else { return nil }
        return Int(words[position + 1])
    }
}
