// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import QueryEngine

/// Turns every error into the status object that IoTDB's clients expect; what nobody foresaw is logged and answers 305, so that a
/// bug stops a request, not the server (design promise P8).
struct ErrorMiddleware: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request, context: HTTPRequestContext,
        next: @concurrent (Request, HTTPRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let answer as StatusAnswer {
            return answer.response
        } catch let error as StatementError {
            return StatusAnswer(error).response
        } catch let error as HTTPError {
            let path = "\(request.method) \(request.uri.path)"
            let message = error.body ?? error.status.reasonPhrase
            return StatusAnswer(error.status.code, "\(path): \(message)", httpStatus: error.status).response
        } catch let error as any HTTPResponseError {
            return StatusAnswer(error.status.code, error.status.reasonPhrase, httpStatus: error.status).response
        } catch {
            logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return StatusAnswer(305, "internal error; the server's log has more").response
        }
    }
}
