// SPDX-License-Identifier: Apache-2.0

internal import GRDB

/// What a catalog's file says about itself; its tables stay as they are.
package struct CatalogExamination: Sendable {
    /// Problems that are listed at most.
    package static let problemsMax = 100

    /// `PRAGMA user_version`: that of the tables.
    package let version: Int
    /// What SQLite's own checks of pages, indexes and references found; empty = nothing.
    package let problems: [String]
    /// A copy in memory, brought to this program's version; nil where there are problems.
    package let copy: SQLiteCatalog?

    /// Looks at the catalog at `path`, which nobody else may have open. Throws what keeps it from that, also where the file is no
    /// catalog, or a newer one. Memory: that of the file.
    package init(path: String) throws(CatalogError) {
        do {
            let queue = try DatabaseQueue(path: path, configuration: SQLiteCatalog.configuration(isFile: true))
            defer { try? queue.close() }
            let (application, version, problems) = try queue.read { database in
                let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
                let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                return (application, version, try Self.problems(in: database))
            }
            guard application == CatalogSchema.applicationID else { throw CatalogFault.foreignFile }
            guard version <= CatalogSchema.version else { throw CatalogFault.tooNew(version: version) }
            self.version = version
            self.problems = problems
            guard problems.isEmpty else {
                copy = nil
                return
            }
            let memory = try DatabaseQueue(configuration: SQLiteCatalog.configuration(isFile: false))
            try queue.backup(to: memory)
            try SQLiteCatalog.prepareSchema(in: memory)
            copy = SQLiteCatalog(path: path, queue: memory)
        } catch {
            throw CatalogError(error, path: path)
        }
    }

    private static func problems(in database: Database) throws -> [String] {
        let pages = try String.fetchAll(database, sql: "PRAGMA integrity_check(\(problemsMax))").filter { $0 != "ok" }
        var references: [String] = []
        let violations = try Row.fetchCursor(database, sql: "PRAGMA foreign_key_check")
        while let row = try violations.next(), references.count < problemsMax {
            let table = row[0] as String? ?? "?", parent = row[2] as String? ?? "?"
            references.append("a row of table \(table) refers to a row of \(parent) that is not there")
        }
        return pages + references
    }
}
