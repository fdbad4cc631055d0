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
        case .delete(let delete): return try execute(delete)
        case .createDatabase(let path, let timeToLive): return try createDatabase(path, timeToLive)
        case .createSeries(let create): return try execute(create)
        case .drop(let drop): return try execute(drop)
        case .timeToLive(let statement): return try execute(statement)
        case .load(let load): return try execute(load)
        case .show(let show): return try self.show(show)
        case .count(let count): return try self.count(count)
        case .users(let users): return try execute(users)
        case .flush: return try flush()
        case .backup(let backup): return try execute(backup)
        case .unsupported(let words): throw .unsupported(words)
        }
    }

    private func createDatabase(_ path: PathText, _ timeToLive: Int64?) throws(StatementError) -> StatementResult {
        guard service.access.allows(principal, .manageDatabase) else {
            throw .denied(Privilege.manageDatabase.sqlName, on: path.text)
        }
        guard path.nodes.count >= 2 else { throw StatementError(code: 509, message: "a database is below root") }
        try requireWritableLog()
        try stored {
            try schema.createDatabase(path.nodes)
            if let timeToLive {
                try service.storage.setTimeToLive(PathPattern(nodes: path.nodes), milliseconds: timeToLive)
            }
            try service.storage.sync()
        }
        return .done
    }

    /// 600 while the log cannot be written: a statement that waited for it would hold a query thread, and reads would wait, too.
    func requireWritableLog() throws(StatementError) {
        if let failure = service.storage.state.failure {
            throw StatementError(StorageError(.readOnly, "nothing can be stored now: \(failure.message)"))
        }
    }

    /// What storage says to `body`, in IoTDB's words.
    func stored<Result>(_ body: () throws -> Result) throws(StatementError) -> Result {
        do {
            return try body()
        } catch let error as StorageError {
            throw StatementError(error)
        } catch let error as SchemaError {
            throw StatementError(error)
        } catch {
            throw .failed("\(error)")
        }
    }

    private func flush() throws(StatementError) -> StatementResult {
        try require(.maintain)
        try stored { try service.storage.flush() }
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
