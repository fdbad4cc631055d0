// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageEngine
import TimeSeriesModel

/// Bytes per point of five kinds of sensor data, as flushes leave them.
struct SizeBench {
    let context: StorageBenchContext

    /// One series a file, so that the file's size is the series'.
    static let pointsPerSeries = 200_000
    private static let batchRows = 1_000

    func run() throws {
        let folder = try context.folder("size")
        defer { if !context.isKept { folder.remove() } }
        let opened = try folder.open(StorageSettings())
        for (isJittered, times) in [(false, "exact"), (true, "jittered")] {
            for kind in SensorSignal.Kind.allCases {
                try write(kind, isJittered: isJittered, database: "\(kind.rawValue)_\(times)", to: opened.engine)
            }
        }
        try opened.engine.flush()
        let records = opened.engine.facts().files.map(\.record)
        try opened.close()
        for record in records.sorted(by: { $0.name < $1.name }) {
            let database = record.name.split(separator: "/").first?.split(separator: ".").last ?? ""
            let words = database.split(separator: "_")
            guard let kind = words.first.flatMap({ SensorSignal.Kind(rawValue: String($0)) }) else { continue }
            context.add(
                StorageFigure(
                    part: .size, name: "\(kind.type.name) \(kind.rawValue), times \(words.last ?? "")",
                    value: Double(record.byteCount) / Double(record.pointCount), unit: "bytes/point",
                    note: "\(record.pointCount) points"))
        }
    }

    private func write(
        _ kind: SensorSignal.Kind, isJittered: Bool, database: String, to engine: StorageEngine
    ) throws {
        let path = DevicePath(canonical: ["root", database, "d1"])
        let series = try engine.schema.createSeries(
            device: path, isAligned: false, measurements: [("s1", kind.type)])[0].get()
        var signal = SensorSignal(kind, seed: 42)
        var times = SensorTimes(isJittered: isJittered, seed: 43)
        let window = BenchWindow(batchesMax: 100)
        var batch = WriteBatch()
        var tablet = Tablet()
        for _ in 0..<Self.pointsPerSeries / Self.batchRows {
            tablet.removeAll()
            tablet.addColumn(series: series.id, type: kind.type)
            for _ in 0..<Self.batchRows {
                tablet.times.append(times.next())
                signal.append(to: &tablet.columns[0].values)
            }
            batch.append(tablet)
            try window.append(&batch, to: engine)
        }
        try window.drain()
    }
}
