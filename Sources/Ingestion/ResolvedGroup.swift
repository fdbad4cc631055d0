// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

/// A measurement of a group, looked up once for all messages that name it.
struct ResolvedColumn {
    enum Target {
        /// The series exists; its type wins.
        case existing(SeriesEntry)
        /// No such series yet; it may be created.
        case missing
        /// The name is not legal: no row can have this column.
        case illegal(code: ProblemCode, message: String)
    }

    /// Canonical name; as sent where it is illegal.
    var name: String
    var target: Target
    /// The user may not write this series.
    var isDenied: Bool
}

/// What (device, measurement list, user) means: the entry of the series cache.
///
/// Valid as long as the generations of schema and grants stand (design section 4.3).
final class ResolvedGroup {
    let deviceText: [UInt8]
    /// The measurement names as sent, each preceded by its length in 4 bytes: compared as one.
    let measurementText: [UInt8]
    let principal: Principal
    let schemaGeneration: UInt64
    let accessGeneration: UInt64
    let path: DevicePath
    var columns: [ResolvedColumn]
    /// Nil = no such device yet.
    private(set) var device: DeviceEntry?
    /// Every column exists, is legal and may be written: the fast path.
    var isReady: Bool

    init(
        deviceText: [UInt8], measurementText: [UInt8], principal: Principal, schemaGeneration: UInt64,
        accessGeneration: UInt64, path: DevicePath, device: DeviceEntry?, columns: [ResolvedColumn]
    ) {
        self.deviceText = deviceText
        self.measurementText = measurementText
        self.principal = principal
        self.schemaGeneration = schemaGeneration
        self.accessGeneration = accessGeneration
        self.path = path
        self.device = device
        self.columns = columns
        isReady = Self.areReady(columns)
    }

    /// Looks up again what was missing: the last message or somebody else may have created it, and creation leaves the
    /// generation as it is.
    func refresh(_ schema: SchemaStore) {
        guard !isReady, let device = schema.device(at: path.text) else { return }
        self.device = device
        for index in columns.indices {
            guard case .missing = columns[index].target, let series = device.series(named: columns[index].name)
            else { continue }
            columns[index].target = .existing(series)
        }
        isReady = Self.areReady(columns)
    }

    /// Estimate of the memory that the entry takes.
    var byteCount: Int {
        256 + deviceText.count + 4 * path.text.utf8.count + 2 * measurementText.count + 96 * columns.count
    }

    private static func areReady(_ columns: [ResolvedColumn]) -> Bool {
        columns.allSatisfy { column in
            if case .existing = column.target { !column.isDenied } else { false }
        }
    }
}
