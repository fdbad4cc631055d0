// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// Lets web pages of the origins of `rest_cors_origin` call; answers `OPTIONS` without authentication (`iotdb-rest.md` section 1).
/// Hummingbird's own takes a fixed number of origins.
struct CrossOriginMiddleware: RouterMiddleware {
    /// Exact origins, or `*`.
    let origins: [String]

    func handle(
        _ request: Request, context: HTTPRequestContext,
        next: @concurrent (Request, HTTPRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], origins.contains("*") || origins.contains(origin) else {
            return try await next(request, context)
        }
        var response =
            request.method == .options ? Response(status: .noContent) : try await next(request, context)
        response.headers[.accessControlAllowOrigin] = origins.contains("*") ? "*" : origin
        response.headers[.accessControlAllowMethods] = "GET, POST"
        response.headers[.accessControlAllowHeaders] = "Authorization, Content-Type"
        if !origins.contains("*") { response.headers[.vary] = "Origin" }
        return response
    }
}
