// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Catalog
import Foundation
import Logging
import StorageEngine
import Testing

@testable import ApusServer

@Suite struct StoppedServerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func access(_ catalog: SQLiteCatalog) throws -> AccessController {
        try AccessController(
            catalog: catalog, settings: AccessSettings(), wallClock: SystemWallClock(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test func setsAPassword() async throws {
        let path = folder.path + "/catalog.sqlite"
        var catalog = try SQLiteCatalog(path: path)
        _ = try access(catalog)
        try catalog.close()
        try StoppedServer.setPassword(dataFolder: folder.path, user: "root", password: "a-new-secret")
        catalog = try SQLiteCatalog(path: path)
        let users = try access(catalog)
        let right = await users.authenticate(user: "root", password: Array("a-new-secret".utf8), origin: .remote)
        #expect(throws: Never.self) { try right.get() }
        let wrong = await users.authenticate(user: "root", password: Array("root".utf8), origin: .loopback)
        #expect(throws: AuthenticationFailure.self) { try wrong.get() }
        try catalog.close()
    }

    @Test func refusesUnknownUsersAndBadPasswords() throws {
        let catalog = try SQLiteCatalog(path: folder.path + "/catalog.sqlite")
        _ = try access(catalog)
        try catalog.close()
        #expect {
            try StoppedServer.setPassword(dataFolder: folder.path, user: "nobody", password: "long-enough")
        } throws: {
            "\($0)".contains("nobody")
        }
        #expect(throws: StartError.self) {
            try StoppedServer.setPassword(dataFolder: folder.path, user: "root", password: "x")
        }
    }

    /// A mistyped folder is not made.
    @Test func otherFoldersAreRefused() {
        let place = folder.path + "/typo"
        #expect { try StoppedServer.setPassword(dataFolder: place, user: "root", password: "long-enough") } throws: {
            "\($0)" == "\(place) is no data folder: it has no catalog.sqlite"
        }
        #expect(!FileManager.default.fileExists(atPath: place))
    }
}
