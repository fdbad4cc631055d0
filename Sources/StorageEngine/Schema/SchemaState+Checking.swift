// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel
package import TsFile

/// Why something may not be created; nothing is changed here.
extension SchemaState {
    /// Throws if a database of these nodes may not be created.
    func checkDatabase(_ nodes: [String]) throws(SchemaError) {
        try DatabaseName.check(nodes)
        let path = nodes.joined(separator: ".")
        if let above = database(covering: nodes) {
            throw SchemaError(
                .databaseConflict,
                above.path.hasSameBytes(as: path)
                    ? "database \(path) already exists" : "\(path) lies in database \(above.path), which exists")
        }
        if let below = databases.values.map(\.path).filter({ $0.utf8.starts(with: (path + ".").utf8) }).min() {
            throw SchemaError(.databaseConflict, "database \(path) would hold database \(below), which exists")
        }
        let limit = settings.databaseLimit < 0 ? SchemaLimits.databasesDefault : settings.databaseLimit
        guard databases.count < limit else {
            throw SchemaError(
                .pathLimit,
                "database \(path) is not created: there are \(limit), and database_limit_threshold allows "
                    + "no more")
        }
        guard lastDatabaseID < .max else {
            throw SchemaError(.pathLimit, "database \(path) is not created: the numbers for databases are used up")
        }
    }

    /// Why a series may not be added though the device is there or may be; `others` = series that are created with it, and their
    /// estimated bytes.
    func refusal(
        of measurement: String, in path: DevicePath, isDeviceNew: Bool, others: (count: Int, bytes: Int) = (0, 0)
    ) -> SchemaError? {
        if settings.seriesLimit >= 0, series.count + others.count >= settings.seriesLimit {
            return SchemaError(
                .pathLimit,
                "series \(measurement) is not created: cluster_timeseries_limit_threshold="
                    + "\(settings.seriesLimit) is reached")
        }
        if isDeviceNew, settings.deviceLimit >= 0, devices.count >= settings.deviceLimit {
            return SchemaError(
                .pathLimit,
                "device \(path.text) is not created: cluster_device_limit_threshold="
                    + "\(settings.deviceLimit) is reached")
        }
        var needed = Self.byteCount(ofSeries: measurement) + others.bytes
        if isDeviceNew { needed += Self.byteCount(ofDevice: path) }
        guard byteCount + needed <= settings.schemaBytesMax, Int(lastSeriesID) + others.count < Int(UInt32.max),
            lastDeviceID < .max
        else {
            return SchemaError(
                .pathLimit,
                "series \(measurement) is not created: cluster_timeseries_limit_threshold and "
                    + "cluster_device_limit_threshold are bounded by the memory of the schema, and "
                    + "schema_memory_max_bytes=\(settings.schemaBytesMax) is used up")
        }
        return conflict(of: measurement, in: path, isDeviceNew: isDeviceNew)
    }

    /// A node is a series or has something below it, never both.
    private func conflict(of measurement: String, in path: DevicePath, isDeviceNew: Bool) -> SchemaError? {
        let name = ByteKey("\(path.text).\(measurement)")
        if devices[name] != nil || innerNodes[name] != nil || databases[name] != nil {
            return SchemaError(
                .pathConflict,
                "series \(name.text) is not created: there is a \(databases[name] == nil ? "device" : "database") at or "
                    + "below that path")
        }
        guard isDeviceNew else { return nil }
        var above = path.nodes[0]
        for (index, node) in path.nodes.enumerated().dropFirst() {
            if index > 1, devices[ByteKey(above)]?.series(named: node) != nil {
                return SchemaError(
                    .pathConflict,
                    "device \(path.text) is not created: \(above).\(node) is a series, and nothing can be below it")
            }
            above += ".\(node)"
        }
        return nil
    }

    /// Throws the first reason why not all of the series can be there afterwards.
    func checkWhole(_ requests: [SeriesRequest], of path: DevicePath) throws(SchemaError) {
        let device = devices[ByteKey(path.text)]
        var others = (count: 0, bytes: 0)
        var names: Set<ByteKey> = []
        for request in requests where device?.series(named: request.measurement) == nil {
            guard names.insert(ByteKey(request.measurement)).inserted else { continue }
            if let refusal = refusal(
                of: request.measurement, in: path, isDeviceNew: device == nil, others: others)
            {
                throw refusal
            }
            others.count += 1
            others.bytes += Self.byteCount(ofSeries: request.measurement)
        }
        guard device == nil, others.count > 0, database(covering: path.nodes) == nil else { return }
        try checkDatabase(DatabaseName.nodes(of: path, level: settings.databaseLevel))
    }

    /// Throws if a statement may not declare the series so.
    func checkDeclared(
        _ requests: [SeriesRequest], of path: DevicePath, isAligned: Bool
    ) throws(SchemaError) {
        let device = devices[ByteKey(path.text)]
        if let device, device.isAligned != isAligned {
            throw SchemaError(
                .alignmentMismatch,
                device.isAligned
                    ? "device \(path.text) is aligned; its series are created with CREATE ALIGNED TIMESERIES"
                    : "device \(path.text) is not aligned; its series are created with CREATE TIMESERIES")
        }
        var names: Set<ByteKey> = []
        for request in requests {
            let name = "\(path.text).\(request.measurement)"
            guard device?.series(named: request.measurement) == nil,
                names.insert(ByteKey(request.measurement)).inserted
            else { throw SchemaError(.seriesExists, "series \(name) exists already") }
            if let encoding = request.encoding, !encoding.isValid(for: request.type) {
                throw SchemaError(
                    .unsupportedType,
                    "series \(name) is not created: encoding \(encoding.name) is not possible for type "
                        + "\(request.type.name)")
            }
        }
    }
}

extension TsFileEncoding {
    /// Whether the format has this encoding for the type (`tsfile.md` section 4).
    package func isValid(for type: DataType) -> Bool {
        switch type {
        case .boolean: [.plain, .rle].contains(self)
        case .int32, .int64, .timestamp, .date:
            [.plain, .rle, .ts2diff, .gorilla, .zigzag, .chimp, .sprintz, .rlbe].contains(self)
        case .float, .double: [.plain, .gorilla, .chimp, .rle, .ts2diff, .sprintz, .rlbe].contains(self)
        case .text, .string: [.plain, .dictionary].contains(self)
        case .blob: self == .plain
        }
    }
}
