// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import Logging
package import TimeSeriesModel

/// Users, their passwords and their rights: the one place that is asked who somebody is and what they may do.
package final class AccessController: Sendable {
    package init(
        catalog: any AccessCatalog, settings: AccessSettings, wallClock: any WallClock, logger: Logger
    ) throws(AccessError) {
        throw AccessError(code: 300, message: "not supported")
    }

    package var generation: UInt64 { 0 }

    package func authenticate(
        user: String, password: [UInt8], origin: ConnectionOrigin,
        completion: @escaping @Sendable (Result<Principal, AuthenticationFailure>) -> Void
    ) { completion(.failure(.busy)) }

    package func authenticate(
        user: String, password: [UInt8], origin: ConnectionOrigin
    ) async -> Result<Principal, AuthenticationFailure> { .failure(.busy) }

    package func allows(_ principal: Principal, _ privilege: Privilege, onPath nodes: [String]) -> Bool { false }

    package func allows(_ principal: Principal, _ privilege: Privilege) -> Bool { false }

    package func ensureUser(named name: String) throws(AccessError) -> Principal { throw .noSuchUser(name) }

    package func createUser(named name: String, password: String) throws(AccessError) { throw .noSuchUser(name) }

    package func dropUser(named name: String) throws(AccessError) { throw .noSuchUser(name) }

    package func setPassword(of name: String, to password: String) throws(AccessError) { throw .noSuchUser(name) }

    package func grant(
        _ privileges: [Privilege], onPattern pattern: PathPattern, to name: String, withGrantOption: Bool = false
    ) throws(AccessError) { throw .noSuchUser(name) }

    package func revoke(
        _ privileges: [Privilege], onPattern pattern: PathPattern, from name: String
    ) throws(AccessError) { throw .noSuchUser(name) }

    package func users() -> [String] { [] }

    package func grants(of name: String) throws(AccessError) -> [Grant] { throw .noSuchUser(name) }
}
