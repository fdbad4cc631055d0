// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import TimeSeriesModel

@testable import Ingestion

extension World {
    /// Everything stored: `device.measurement TYPE time=value time=value`, sorted. Also series without points, so that
    /// nothing is created unseen.
    func stored() throws -> [String] {
        let snapshot = engine.snapshot()
        var lines: [String] = []
        for series in engine.schema.series(matching: .all) {
            var line = "\(series.device.path.text).\(series.measurement) \(series.type.name)"
            var cursor = snapshot.points(of: series, in: .all, order: .ascending)
            while let block = try cursor.next() {
                for index in 0..<block.count { line += " \(block.times[index])=\(Self.text(block.values[index]))" }
            }
            lines.append(line)
        }
        return lines
    }

    var databases: [String] { engine.schema.databases().map(\.path) }
    var devices: [String] { engine.schema.devices(matching: .all).map(\.path.text) }

    static func text(_ value: Value) -> String {
        switch value {
        case .boolean(let v): "\(v)"
        case .int32(let v), .date(let v): "\(v)"
        case .int64(let v), .timestamp(let v): "\(v)"
        case .float(let v): "\(v)"
        case .double(let v): "\(v)"
        case .text(let v), .string(let v): "\"\(String(decoding: v, as: UTF8.self))\""
        case .blob(let v): "x" + v.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
