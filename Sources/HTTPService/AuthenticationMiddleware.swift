// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Foundation
import HTTPTypes
import Hummingbird

/// Basic authentication against Apus's users, on every path but `/ping` (`iotdb-rest.md` section 1).
struct AuthenticationMiddleware: RouterMiddleware {
    let access: AccessController

    func handle(
        _ request: Request, context: HTTPRequestContext,
        next: @concurrent (Request, HTTPRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization] else {
            return challenge(StatusAnswer(800, "INIT_AUTH_ERROR", httpStatus: .unauthorized))
        }
        guard let credentials = BasicCredentials(header) else {
            return StatusAnswer(303, "Illegal format of authorization header.", httpStatus: .badRequest).response
        }
        let verdict = await access.authenticate(
            user: credentials.user, password: credentials.password, origin: context.origin(of: request))
        switch verdict {
        case .success(let principal):
            var context = context
            context.principal = principal
            return try await next(request, context)
        case .failure(.wrongCredentials), .failure(.missingCredentials):
            return challenge(StatusAnswer(801, "WRONG_LOGIN_PASSWORD", httpStatus: .unauthorized))
        case .failure(.busy):
            return StatusAnswer(305, AuthenticationFailure.busy.message, httpStatus: .serviceUnavailable).response
        case .failure(let failure):
            return challenge(StatusAnswer(801, failure.message, httpStatus: .unauthorized))
        }
    }

    private func challenge(_ answer: StatusAnswer) -> Response {
        var response = answer.response
        response.headers[.wwwAuthenticate] = "Basic realm=\"Apus\", charset=\"UTF-8\""
        return response
    }
}

/// `Basic base64(user:password)`, split at the first colon.
struct BasicCredentials: Equatable {
    var user: String
    var password: [UInt8]

    init?(_ header: String) {
        let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let decoded = Data(base64Encoded: String(parts[1]).trimmingCharacters(in: .whitespaces)),
            let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        user = String(decoding: decoded[..<colon], as: UTF8.self)
        password = Array(decoded[decoded.index(after: colon)...])
    }
}
