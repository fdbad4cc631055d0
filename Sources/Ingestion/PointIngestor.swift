// SPDX-License-Identifier: Apache-2.0

package import AccessControl
package import StorageEngine
package import TimeSeriesModel

/// Points of known types on their way in, series by series: what files bring. Rights, creation, types and time to live are
/// judged as for every other write.
package struct PointIngestor {
    private let service: IngestionService
    private let principal: Principal
    private var tablet = Tablet()

    package init(service: IngestionService, principal: Principal) {
        self.service = service
        self.principal = principal
    }

    /// A series to write to, for points of one type.
    package struct Target {
        fileprivate let series: SeriesEntry
        fileprivate let oldest: Timestamp
    }

    /// Finds the series, or creates it (a new device in the wanted form). Throws why points of this type cannot be written into
    /// it; `convertsTypes` allows those that can be converted (`mqtt-payloads.md` section 3.5).
    package func target(
        _ device: DevicePath, isAligned: Bool, _ request: SeriesRequest, convertsTypes: Bool
    ) throws(SchemaError) -> Target {
        try check(.writeData, device.nodes + [request.measurement])
        let series = try entry(device, isAligned: isAligned, request)
        guard series.type == request.type || convertsTypes && mayWrite(request.type, into: series.type) else {
            throw SchemaError(
                .typeMismatch,
                "\(device.text).\(series.measurement) is \(series.type.name), and the points are \(request.type.name)")
        }
        return Target(
            series: series, oldest: service.oldestTime(of: device, series.device)?.time ?? Timestamp.min)
    }

    private func entry(
        _ device: DevicePath, isAligned: Bool, _ request: SeriesRequest
    ) throws(SchemaError) -> SeriesEntry {
        let schema = service.storage.schema
        if let known = schema.device(at: device.text)?.series(named: request.measurement) { return known }
        guard service.settings.createsSchema else {
            throw SchemaError(
                .unknownSeries,
                "series \(device.text).\(request.measurement) does not exist, and enable_auto_create_schema is false")
        }
        try check(.writeSchema, device.nodes + [request.measurement])
        if schema.databasePath(covering: device) == nil, !service.access.allows(principal, .manageDatabase) {
            throw SchemaError(.denied, "a new database needs MANAGE_DATABASE on [root.**]")
        }
        do throws(SchemaError) {
            _ = try schema.createSeries(
                device: device, isAligned: schema.device(at: device.text)?.isAligned ?? isAligned, declared: [request])
        } catch {
            // Somebody else may have been faster.
            guard let known = schema.device(at: device.text)?.series(named: request.measurement) else { throw error }
            return known
        }
        guard let created = schema.device(at: device.text)?.series(named: request.measurement) else {
            throw SchemaError(.unknownSeries, "series \(device.text).\(request.measurement) was dropped meanwhile")
        }
        return created
    }

    private func check(_ privilege: Privilege, _ nodes: [String]) throws(SchemaError) {
        guard service.access.allows(principal, privilege, onPath: nodes) else {
            throw SchemaError(
                .denied,
                "No permissions for this operation, please add privilege \(privilege.sqlName) on "
                    + "[\(nodes.joined(separator: "."))]")
        }
    }

    /// Appends points, whose times rise, to the batch. Returns how many were older than the time to live, and left out.
    package mutating func append(
        _ points: borrowing PointColumn, to target: Target, into batch: inout WriteBatch
    ) -> Int {
        var expired = 0
        while expired < points.count, points.times[expired] < target.oldest { expired += 1 }
        guard expired < points.count else { return expired }
        tablet.removeAll()
        tablet.times.append(contentsOf: points.times[expired...])
        tablet.addColumn(series: target.series.id, type: target.series.type)
        for index in expired..<points.count {
            tablet.columns[0].values.append(converting: points.values, at: index)
        }
        batch.append(tablet)
        return expired
    }
}
