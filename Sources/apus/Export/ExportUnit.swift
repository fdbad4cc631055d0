// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel
import TsFile

/// What is exported as one table of rows: columns that share their times.
struct ExportUnit: Equatable {
    /// Names it in the state of an interrupted export; units are in order of their keys' appearance.
    var key: String
    /// The path behind FROM.
    var source: String
    /// What is selected, relative to ``source``.
    var names: [String]
    var series: [ListedSeries]
    var isAligned = false

    /// A unit per device.
    static func devices(_ series: [ListedSeries], aligned: Set<String> = []) -> [ExportUnit] {
        var units: [ExportUnit] = []
        var indexes: [String: Int] = [:]
        for one in series {
            if let index = indexes[one.device] {
                units[index].series.append(one)
                units[index].names.append(one.measurement)
            } else {
                indexes[one.device] = units.count
                units.append(
                    ExportUnit(
                        key: one.device, source: one.device, names: [one.measurement], series: [one],
                        isAligned: aligned.contains(one.device)))
            }
        }
        return units.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// One unit of all series.
    static func whole(_ series: [ListedSeries]) -> ExportUnit {
        ExportUnit(
            key: "root", source: "root", names: series.map { String($0.path.dropFirst("root.".count)) }, series: series)
    }

    /// What a TsFile takes at once, in the order in which it takes it: a series, or an aligned device.
    static func tsFileUnits(_ series: [ListedSeries], aligned: Set<String>) -> [ExportUnit] {
        let devices = devices(series, aligned: aligned).map { ($0, $0.deviceID) }.sorted { $0.1 < $1.1 }
        return devices.flatMap { unit, _ -> [ExportUnit] in
            let sorted = unit.series.sorted { $0.measurement.utf8.lexicographicallyPrecedes($1.measurement.utf8) }
            guard !unit.isAligned else {
                var all = unit
                all.series = sorted
                all.names = sorted.map(\.measurement)
                return [all]
            }
            return sorted.map {
                ExportUnit(key: $0.path, source: $0.device, names: [$0.measurement], series: [$0])
            }
        }
    }

    /// Of the device, for a TsFile.
    var deviceID: TsFileDeviceID {
        TsFileDeviceID(path: (try? DevicePath(parsing: source).nodes) ?? [source])
    }
}
