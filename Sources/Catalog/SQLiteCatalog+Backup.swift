// SPDX-License-Identifier: Apache-2.0

import Glibc
internal import GRDB

extension SQLiteCatalog {
    /// Writes a consistent copy to a new file (mode 0600), synced with its name; blocking, and commits wait meanwhile. Throws if
    /// the file is there; what was begun is removed after an error.
    package func backup(to path: String) throws(CatalogError) {
        try withQueue { queue in
            do {
                try Self.createNewFile(at: path)
                do {
                    try queue.writeWithoutTransaction { database in
                        try database.execute(sql: "VACUUM INTO ?", arguments: [path])
                    }
                    try Self.sync(path)
                    try Self.sync(Self.folder(of: path))
                } catch {
                    _ = unsafe unlink(path)
                    throw error
                }
            } catch {
                // The copy is what failed, not the catalog.
                throw CatalogError(error, path: path)
            }
        }
    }

    private static func createNewFile(at path: String) throws {
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CatalogFault.cannotCreate(reason: unsafe String(cString: strerror(errno)))
        }
        _ = Glibc.close(descriptor)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func sync(_ path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CatalogFault.cannotSync(reason: unsafe String(cString: strerror(errno))) }
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw CatalogFault.cannotSync(reason: unsafe String(cString: strerror(errno)))
        }
    }
}
