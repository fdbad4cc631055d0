// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

/// Judges the names of a group and looks its series up; creates nothing.
struct GroupResolver {
    let service: IngestionService
    let principal: Principal

    func resolve(
        _ group: IncomingGroup, in rows: borrowing IncomingRows, schemaGeneration: UInt64, accessGeneration: UInt64
    ) throws(Refusal) -> ResolvedGroup {
        let path = try devicePath(group, in: rows)
        let device = service.storage.schema.device(at: path.text)
        var columns: [ResolvedColumn] = []
        var names: Set<String> = []
        for index in group.measurements {
            let column = self.column(rows.text.span.extracting(rows.measurements[index].range), of: path, device)
            guard names.insert(column.name).inserted else {
                throw Refusal(.duplicateKey, "measurement \(column.name) occurs twice; name each column once")
            }
            columns.append(column)
        }
        return ResolvedGroup(
            deviceText: Array(rows.text[group.device.range]),
            measurementText: SeriesCache.measurementText(of: group, in: rows), principal: principal,
            schemaGeneration: schemaGeneration, accessGeneration: accessGeneration, path: path, device: device,
            columns: columns)
    }

    private func devicePath(_ group: IncomingGroup, in rows: borrowing IncomingRows) throws(Refusal) -> DevicePath {
        do throws(PathError) {
            return try DevicePath(parsing: rows.text.span.extracting(group.device.range))
        } catch {
            throw Refusal(error.code, error.message)
        }
    }

    private func column(_ name: Span<UInt8>, of path: DevicePath, _ device: DeviceEntry?) -> ResolvedColumn {
        do throws(PathError) {
            let canonical = try MeasurementName.canonical(
                name, quotingIllegal: service.settings.quotesIllegalMeasurements)
            let isDenied = !service.access.allows(principal, .writeData, onPath: path.nodes + [canonical])
            if let series = device?.series(named: canonical) {
                return ResolvedColumn(name: canonical, target: .existing(series), isDenied: isDenied)
            }
            return ResolvedColumn(name: canonical, target: .missing, isDenied: isDenied)
        } catch {
            return ResolvedColumn(
                name: excerpt(name), target: .illegal(code: error.code, message: error.message), isDenied: false)
        }
    }
}
