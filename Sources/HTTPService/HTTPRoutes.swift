// SPDX-License-Identifier: Apache-2.0

import AccessControl
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import QueryEngine
import ServerMetrics

/// The paths of the HTTP door and what each answers.
struct HTTPRoutes: Sendable {
    let settings: HTTPServiceSettings
    let services: HTTPDoorServices
    let logger: Logger

    func router() -> Router<HTTPRequestContext> {
        let router = Router(context: HTTPRequestContext.self)
        router.add(middleware: ErrorMiddleware(logger: logger))
        if !settings.corsOrigins.isEmpty {
            router.add(middleware: CrossOriginMiddleware(origins: settings.corsOrigins))
        }
        router.get("/ping") { _, _ in try ping() }
        let authenticated = router.group().add(middleware: AuthenticationMiddleware(access: services.access))
        authenticated.post("/rest/v2/query") { request, context in try await query(request, context) }
        authenticated.post("/rest/v2/nonQuery") { request, context in try await nonQuery(request, context) }
        authenticated.get("/metrics") { _, _ in metrics() }
        return router
    }

    private func ping() throws -> StatusAnswer {
        guard services.isServing() else {
            throw StatusAnswer(305, "the server is read-only or stopping", httpStatus: .serviceUnavailable)
        }
        return .success
    }

    private func query(_ request: Request, _ context: HTTPRequestContext) async throws -> Response {
        let body = try await SQLRequest.read(request, bytesMax: settings.requestBytesMax)
        let limit = try body.rows(default: settings.rowLimitDefault)
        let sql = try body.statement()
        guard case .rows(let result) = try await session(context).execute(sql, accepting: .queries) else {
            throw StatusAnswer(301, "EXECUTE_STATEMENT_ERROR")
        }
        var answer = QueryAnswer(result, rowLimit: limit, bytesMax: settings.responseBytesMax)
        while let block = try await result.next() { try answer.append(block) }
        return .json(answer.body())
    }

    private func nonQuery(_ request: Request, _ context: HTTPRequestContext) async throws -> StatusAnswer {
        let sql = try await SQLRequest.read(request, bytesMax: settings.requestBytesMax).statement()
        _ = try await session(context).execute(sql, accepting: .commands)
        return .success
    }

    private func session(_ context: HTTPRequestContext) throws(StatementError) -> QuerySession {
        guard let principal = context.principal else { throw StatementError(code: 800, message: "INIT_AUTH_ERROR") }
        return services.query.session(for: principal, zoneID: nil)
    }

    private func metrics() -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: services.metrics.prometheusText())))
    }
}
