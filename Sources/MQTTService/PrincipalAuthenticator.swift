// SPDX-License-Identifier: Apache-2.0

import AccessControl
import MQTTBroker

/// Checks the credentials of a CONNECT against Apus's users (`mqtt-payloads.md` section 1.6).
struct PrincipalAuthenticator: Authenticator {
    typealias Identity = Principal

    let access: AccessController
    /// The user of clients without credentials; nil = they are refused.
    let anonymous: Principal?

    func authenticate(
        _ request: AuthenticationRequest, completion: @escaping @Sendable (AuthenticationVerdict<Principal>) -> Void
    ) {
        guard let user = request.userName, user.contains(where: { !$0.isWhitespace }),
            let password = request.password, !password.isEmpty
        else {
            completion(anonymous.map { .accepted($0) } ?? refusal(.missingCredentials))
            return
        }
        let origin: ConnectionOrigin = request.isLoopback ? .loopback : .remote
        access.authenticate(user: user, password: password, origin: origin) { result in
            switch result {
            case .success(let principal): completion(.accepted(principal))
            case .failure(let failure): completion(refusal(failure))
            }
        }
    }

    private func refusal(_ failure: AuthenticationFailure) -> AuthenticationVerdict<Principal> {
        switch failure {
        case .missingCredentials, .wrongCredentials, .locked: .refused(.badCredentials, message: failure.message)
        case .defaultPasswordFromRemote: .refused(.notAuthorized, message: failure.message)
        case .busy: .refused(.busy, message: failure.message)
        }
    }
}
