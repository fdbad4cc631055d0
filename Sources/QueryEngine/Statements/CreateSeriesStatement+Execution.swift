// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel
import TsFile

/// CREATE TIMESERIES, CREATE ALIGNED TIMESERIES: all of it or nothing.
extension StatementContext {
    func execute(_ statement: CreateSeriesStatement) throws(StatementError) -> StatementResult {
        let nodes = statement.device.nodes
        guard nodes.count >= 2 else {
            throw StatementError(code: 509, message: "a series is root, at least one node, and the measurement")
        }
        let device = DevicePath(canonical: nodes)
        var names: Set<String> = []
        for series in statement.series {
            let path = "\(device.text).\(series.measurement)"
            guard names.insert(series.measurement).inserted else { throw .semantic("\(path) is named twice") }
            guard service.access.allows(principal, .writeSchema, onPath: nodes + [series.measurement]) else {
                throw .denied(Privilege.writeSchema.sqlName, on: path)
            }
            if let encoding = series.encoding, !encoding.supports(series.type) {
                throw StatementError(
                    code: 507, message: "encoding \(encoding.name) does not support \(series.type.name) (\(path))")
            }
            if let compressor = series.compressor, !compressor.isSupported {
                throw .unsupported("compression \(compressor.name)")
            }
        }
        try checkPaths(device, statement)
        try requireWritableLog()
        try stored {
            _ = try schema.createSeries(
                device: device, isAligned: statement.isAligned,
                declared: statement.series.map {
                    SeriesRequest(
                        measurement: $0.measurement, type: $0.type, encoding: $0.encoding, compressor: $0.compressor)
                })
            try service.storage.sync()
        }
        return .done
    }

    /// 503 for a series that exists, 506 for one where a device is or is above.
    private func checkPaths(_ device: DevicePath, _ statement: CreateSeriesStatement) throws(StatementError) {
        let known = schema.device(at: device.text)
        for series in statement.series {
            let path = "\(device.text).\(series.measurement)"
            if known?.series(named: series.measurement) != nil {
                throw StatementError(code: 503, message: "series \(path) exists already")
            }
            let nodes = device.nodes + [series.measurement]
            let isTaken =
                schema.databases().contains { $0.nodes.starts(with: nodes) } || schema.device(at: path) != nil
                || !schema.devices(matching: PathPattern(nodes: nodes + ["**"])).isEmpty
            if isTaken {
                throw StatementError(
                    code: 506, message: "\(path) is a database, a device or above one, and cannot be a series, too")
            }
        }
    }
}
