// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import QueryEngine

/// The JSON status object of every answer without rows (`iotdb-rest.md` section 1). Application errors travel with HTTP
/// status 200; clients look at `code`.
struct StatusAnswer: Error, ResponseGenerator, Equatable {
    static let success = StatusAnswer(200, "SUCCESS_STATUS")

    var code: Int
    var message: String
    var httpStatus: HTTPResponse.Status

    init(_ code: Int, _ message: String, httpStatus: HTTPResponse.Status = .ok) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
    }

    init(_ error: StatementError) { self.init(error.code, error.message) }

    func response(from request: Request, context: some RequestContext) -> Response { response }

    var response: Response {
        var body = ByteBuffer()
        body.writeString("{\"code\":\(code),\"message\":")
        body.writeJSON(string: message)
        body.writeString("}")
        return .json(body, status: httpStatus)
    }
}

extension Response {
    /// A JSON body.
    static func json(_ body: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
    }
}
