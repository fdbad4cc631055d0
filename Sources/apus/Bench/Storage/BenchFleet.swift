// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

/// Devices `root.bench.d<n>` with the same DOUBLE measurements each.
struct BenchFleet: Sendable {
    /// By device and measurement.
    let series: [[SeriesID]]

    var seriesCount: Int { series.reduce(0) { $0 + $1.count } }

    init(_ engine: StorageEngine, devices: Int, measurements: Int) throws {
        let names = (0..<measurements).map { ("s\($0)", DataType.double) }
        var series: [[SeriesID]] = []
        series.reserveCapacity(devices)
        for device in 0..<devices {
            let path = DevicePath(canonical: ["root", "bench", "d\(device)"])
            let found = try engine.schema.createSeries(device: path, isAligned: false, measurements: names)
            series.append(try found.map { try $0.get().id })
        }
        self.series = series
        try engine.sync()
    }

    /// Reads the series' entries back, for queries.
    func entry(_ engine: StorageEngine, device: Int, measurement: Int) -> SeriesEntry? {
        engine.schema.entry(of: series[device][measurement])
    }
}
