// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TimeSeriesModel
package import TsFile

/// A database: the unit of folders and retention.
package final class DatabaseEntry: Sendable {
    package let id: DatabaseID
    /// Canonical nodes, `root` first.
    package let nodes: [String]
    /// The nodes joined by dots, at most ``SchemaLimits/databaseNameCharactersMax`` characters.
    package let path: String

    init(id: DatabaseID, nodes: [String]) {
        self.id = id
        self.nodes = nodes
        path = nodes.joined(separator: ".")
    }
}

/// A device and its series.
package final class DeviceEntry: Sendable {
    package let id: DeviceID
    package let database: DatabaseEntry
    package let path: DevicePath
    package let isAligned: Bool
    private let members = Mutex<[ByteKey: SeriesEntry]>([:])
    /// `Int64.max` = for ever.
    private let lifetime: Atomic<Int64>

    init(id: DeviceID, database: DatabaseEntry, path: DevicePath, isAligned: Bool, timeToLive: Int64? = nil) {
        self.id = id
        self.database = database
        self.path = path
        self.isAligned = isAligned
        lifetime = Atomic(timeToLive ?? .max)
    }

    /// How long points are kept, in the server's precision; nil = for ever. Points older than now minus this are not shown and
    /// not taken. Any thread; follows the rules at once.
    package var timeToLive: Int64? {
        let value = lifetime.load(ordering: .relaxed)
        return value == .max ? nil : value
    }

    func setTimeToLive(_ value: Int64?) { lifetime.store(value ?? .max, ordering: .relaxed) }

    /// The series with this canonical measurement name.
    package func series(named measurement: String) -> SeriesEntry? { members.withLock { $0[ByteKey(measurement)] } }

    /// All series, by measurement name.
    package func allSeries() -> [SeriesEntry] {
        members.withLock { Array($0.values) }.sorted { $0.measurement < $1.measurement }
    }

    package var seriesCount: Int { members.withLock { $0.count } }

    func insert(_ series: SeriesEntry) { members.withLock { $0[ByteKey(series.measurement)] = series } }

    func remove(_ series: SeriesEntry) { members.withLock { _ = $0.removeValue(forKey: ByteKey(series.measurement)) } }

    /// Breaks the circle of references between device and series.
    func removeAllSeries() { members.withLock { $0.removeAll() } }
}

/// A series. Its type, encoding and compressor never change.
package final class SeriesEntry: Sendable {
    package let device: DeviceEntry
    /// Canonical measurement name.
    package let measurement: String
    package let id: SeriesID
    package let type: DataType
    package let encoding: TsFileEncoding
    package let compressor: TsFileCompressor
    /// Whether a statement named the encoding; else files may choose a better one.
    package let isEncodingDeclared: Bool
    /// Whether a statement named the compressor.
    package let isCompressorDeclared: Bool

    init(
        id: SeriesID, device: DeviceEntry, measurement: String, type: DataType, encoding: TsFileEncoding,
        compressor: TsFileCompressor, isEncodingDeclared: Bool = false, isCompressorDeclared: Bool = false
    ) {
        self.id = id
        self.device = device
        self.measurement = measurement
        self.type = type
        self.encoding = encoding
        self.compressor = compressor
        self.isEncodingDeclared = isEncodingDeclared
        self.isCompressorDeclared = isCompressorDeclared
    }
}
