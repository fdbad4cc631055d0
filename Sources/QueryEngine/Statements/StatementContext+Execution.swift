// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import TimeSeriesModel

extension StatementContext {
    /// Judges a statement, and does its work or begins its result. Blocking.
    func execute(_ statement: Statement) throws(StatementError) -> StatementResult {
        switch statement {
        case .select(let select) where select.isLast:
            var planner = LastPlanner(self, select)
            return try planner.plan()
        case .select(let select):
            return try SelectPlanner(self, select).plan()
        case .insert(let insert): return try execute(insert)
        case .createDatabase(let path): return try createDatabase(path)
        case .createSeries(let path, let type): return try createSeries(path, type)
        case .show(let show): return try self.show(show)
        case .count(let count): return try self.count(count)
        case .users(let users): return try execute(users)
        case .flush: return try flush()
        case .unsupported(let words): throw .unsupported(words)
        }
    }

    private func createDatabase(_ path: PathText) throws(StatementError) -> StatementResult {
        guard service.access.allows(principal, .manageDatabase) else {
            throw .denied(Privilege.manageDatabase.sqlName, on: path.text)
        }
        guard path.nodes.count >= 2 else { throw StatementError(code: 509, message: "a database is below root") }
        try requireWritableLog()
        do throws(SchemaError) {
            try schema.createDatabase(path.nodes)
        } catch {
            throw StatementError(error)
        }
        return try synced()
    }

    private func createSeries(_ path: PathText, _ type: DataType) throws(StatementError) -> StatementResult {
        guard let measurement = path.nodes.last, path.nodes.count >= 3 else {
            throw StatementError(code: 509, message: "a series is root, at least one node, and the measurement")
        }
        guard service.access.allows(principal, .writeSchema, onPath: path.nodes) else {
            throw .denied(Privilege.writeSchema.sqlName, on: path.text)
        }
        let device = DevicePath(canonical: Array(path.nodes.dropLast()))
        guard schema.device(at: device.text)?.series(named: measurement) == nil else {
            throw StatementError(code: 503, message: "series \(path.text) exists already")
        }
        try requireWritableLog()
        do throws(SchemaError) {
            let created = try schema.createSeries(
                device: device, isAligned: false, measurements: [(measurement, type)])
            for case .failure(let error) in created { throw error }
        } catch {
            throw StatementError(error)
        }
        return try synced()
    }

    /// 600 while the log cannot be written: a statement that waited for it would hold a query thread, and reads would wait, too.
    func requireWritableLog() throws(StatementError) {
        if let failure = service.storage.state.failure {
            throw StatementError(StorageError(.readOnly, "nothing can be stored now: \(failure.message)"))
        }
    }

    /// Success, once everything that was created is durable.
    private func synced() throws(StatementError) -> StatementResult {
        do throws(StorageError) {
            try service.storage.sync()
        } catch {
            throw StatementError(error)
        }
        return .done
    }

    private func flush() throws(StatementError) -> StatementResult {
        try require(.maintain)
        do throws(StorageError) {
            try service.storage.flush()
        } catch {
            throw StatementError(error)
        }
        return .done
    }
}

extension StatementError {
    /// A database or series cannot be created.
    init(_ error: SchemaError) {
        switch error.code {
        // IoTDB 1.x's number; 529 is newer.
        case .databaseConflict: self.init(code: 501, message: error.message)
        case .typeMismatch: self.init(code: 507, message: error.message)
        default: self.init(code: error.code.statusCode ?? 301, message: error.message)
        }
    }
}
