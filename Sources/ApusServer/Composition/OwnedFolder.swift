// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageEngine

/// The data folder before the storage engine has it: one process owns it from the first look at its catalog on.
struct OwnedFolder {
    static let catalogName = "catalog.sqlite"

    let fileSystem: POSIXFileSystem
    /// The lock, for the storage engine.
    let claim: DataFolder
    private let path: String

    /// Makes the folder if it is missing and takes its lock.
    init(_ path: String) throws(StartError) {
        self.path = path
        fileSystem = POSIXFileSystem(folder: path)
        do throws(StorageError) {
            claim = try DataFolder.claim(fileSystem)
        } catch {
            throw StartError("the data folder \(path) cannot be opened: \(error)")
        }
    }

    /// Opens the catalog; the lock is released when that fails.
    func openCatalog() throws(StartError) -> SQLiteCatalog {
        do throws(CatalogError) {
            return try SQLiteCatalog(path: fileSystem.displayName(of: Self.catalogName))
        } catch {
            claim.release()
            throw StartError("the data folder \(path) cannot be opened: \(error)")
        }
    }
}
