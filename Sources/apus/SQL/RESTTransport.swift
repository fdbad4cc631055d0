// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Statements over `/rest/v2` (`iotdb-rest.md` section 4).
struct RESTTransport: SQLTransport {
    /// Largest answer that is gathered in memory, bytes.
    static let answerBytesMax = 1 << 30

    private let base: String
    private let authorization: String
    private let client: HTTPClient

    init(host: String, port: Int, user: String, password: String) {
        let address = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        base = "http://\(address):\(port)"
        authorization = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(10)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func execute(_ sql: String, rowLimit: Int) async throws(SQLClientError) -> SQLAnswer {
        let isQuery = Self.hasRows(sql)
        let body = try Self.body(sql, rowLimit: isQuery ? rowLimit : nil)
        let (status, data) = try await post(isQuery ? "/rest/v2/query" : "/rest/v2/nonQuery", body)
        return try RESTAnswer.read(data, httpStatus: status, isQuery: isQuery)
    }

    func close() async { try? await client.shutdown() }

    /// Whether the statement is one of those that `/rest/v2/query` takes; the server judges in the end.
    static func hasRows(_ sql: String) -> Bool {
        let word = sql.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }.uppercased()
        return ["SELECT", "SHOW", "COUNT", "LIST"].contains(word)
    }

    private static func body(_ sql: String, rowLimit: Int?) throws(SQLClientError) -> Data {
        struct Body: Encodable {
            var sql: String
            var row_limit: Int?
        }
        do {
            return try JSONEncoder().encode(Body(sql: sql, row_limit: rowLimit))
        } catch {
            throw .unreadable("the statement is no text: \(error)")
        }
    }

    private func post(_ path: String, _ body: Data) async throws(SQLClientError) -> (status: Int, data: Data) {
        var request = HTTPClientRequest(url: base + path)
        request.method = .POST
        request.headers.add(name: "Authorization", value: authorization)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: .hours(24))
            let answer = try await response.body.collect(upTo: Self.answerBytesMax)
            return (Int(response.status.code), Data(answer.readableBytesView))
        } catch {
            throw .unreachable("\(base): \(error)")
        }
    }
}
