// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

@testable import Catalog

/// A folder of one test; it goes with the object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/apus-catalog-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var catalog: String { path + "/catalog.sqlite" }

    func mode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}

extension SQLiteCatalog {
    /// For statements that a transaction does not allow.
    func withoutTransaction<T>(_ body: (Database) throws -> T) throws -> T {
        try withQueue { try $0.writeWithoutTransaction(body) }
    }
}
