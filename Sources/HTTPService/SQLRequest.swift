// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import NIOCore

/// The body of `/rest/v2/query` and `/rest/v2/nonQuery` (`iotdb-rest.md` section 4).
struct SQLRequest: Decodable, Equatable {
    var sql: String?
    var rowLimit: Int?

    private enum CodingKeys: String, CodingKey {
        case sql
        case rowLimit = "row_limit"
    }

    /// The statement, or 305 if there is none.
    func statement() throws(StatusAnswer) -> String {
        guard let sql, !sql.isEmpty else { throw StatusAnswer(305, "sql should not be null") }
        return sql
    }

    /// `row_limit`, or the default where there is none; 305 if it is not above zero.
    func rows(default defaultLimit: Int) throws(StatusAnswer) -> Int {
        guard let rowLimit else { return defaultLimit }
        guard rowLimit > 0 else { throw StatusAnswer(305, "row_limit should be positive") }
        return rowLimit
    }

    /// Reads a request's body; 413 above the limit, 400 for what is no such JSON object.
    static func read(_ request: Request, bytesMax: Int) async throws -> SQLRequest {
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: bytesMax)
        } catch is NIOTooManyBytesError {
            throw StatusAnswer(
                413, "the request is longer than the \(bytesMax) bytes of rest_request_bytes_max",
                httpStatus: .contentTooLarge)
        }
        do {
            return try JSONDecoder().decode(SQLRequest.self, from: Data(body.readableBytesView))
        } catch {
            throw StatusAnswer(
                400, "the body must be a JSON object like {\"sql\":\"show databases\",\"row_limit\":100}",
                httpStatus: .badRequest)
        }
    }
}
