// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// The changes for async code: they run on a thread of their own, one after the other, so that neither hashing nor the disk
/// holds up Swift's pool.
extension AccessController {
    /// As the blocking one.
    package func createUser(named name: String, password: String) async throws(AccessError) {
        try await administer { (access) throws(AccessError) in try access.createUser(named: name, password: password) }
    }

    /// As the blocking one.
    package func dropUser(named name: String) async throws(AccessError) {
        try await administer { (access) throws(AccessError) in try access.dropUser(named: name) }
    }

    /// As the blocking one.
    package func setPassword(of name: String, to password: String) async throws(AccessError) {
        try await administer { (access) throws(AccessError) in try access.setPassword(of: name, to: password) }
    }

    /// As the blocking one.
    package func grant(
        _ privileges: [Privilege], onPattern pattern: PathPattern, to name: String, withGrantOption: Bool = false
    ) async throws(AccessError) {
        try await administer { (access) throws(AccessError) in
            try access.grant(privileges, onPattern: pattern, to: name, withGrantOption: withGrantOption)
        }
    }

    /// As the blocking one.
    package func revoke(
        _ privileges: [Privilege], onPattern pattern: PathPattern, from name: String
    ) async throws(AccessError) {
        try await administer { (access) throws(AccessError) in
            try access.revoke(privileges, onPattern: pattern, from: name)
        }
    }

    private func administer(
        _ change: @escaping @Sendable (AccessController) throws(AccessError) -> Void
    ) async throws(AccessError) {
        let failure = await withCheckedContinuation { (continuation: CheckedContinuation<AccessError?, Never>) in
            let isQueued = administration.submit {
                do throws(AccessError) {
                    try change(self)
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: error)
                }
            }
            if !isQueued {
                continuation.resume(returning: AccessError(code: 305, message: "the system gives no thread; try again"))
            }
        }
        if let failure { throw failure }
    }
}
