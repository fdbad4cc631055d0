// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import Foundation
import Logging
import StorageEngine

/// What can be done to the data folder of a server that does not run.
package enum StoppedServer {
    /// Sets a user's password; takes the folder's lock meanwhile. Users commit at once, so the log has nothing to say.
    package static func setPassword(dataFolder: String, user: String, password: String) throws(StartError) {
        guard FileManager.default.fileExists(atPath: "\(dataFolder)/\(OwnedFolder.catalogName)") else {
            throw StartError("\(dataFolder) is no data folder: it has no \(OwnedFolder.catalogName)")
        }
        let folder = try OwnedFolder(dataFolder)
        defer { folder.claim.release() }
        let catalog = try folder.openCatalog()
        do {
            let access = try AccessController(
                catalog: catalog, settings: AccessSettings(), wallClock: SystemWallClock(),
                logger: Logger(label: "apus.access", factory: { _ in SwiftLogNoOpLogHandler() }))
            try access.setPassword(of: user, to: password)
            try catalog.close()
        } catch {
            try? catalog.close()
            throw StartError("\(dataFolder): \(error)")
        }

    }
}
