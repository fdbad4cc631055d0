// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import apus

/// Answers statements as a test says, and remembers them.
final class ScriptedServer: SQLTransport {
    private let answer: @Sendable (String) throws(SQLClientError) -> SQLAnswer
    private let seen = Mutex<[String]>([])

    init(_ answer: @escaping @Sendable (String) throws(SQLClientError) -> SQLAnswer) { self.answer = answer }

    var statements: [String] { seen.withLock { $0 } }

    func execute(_ sql: String, rowLimit: Int) async throws(SQLClientError) -> SQLAnswer {
        seen.withLock { $0.append(sql) }
        return try answer(sql)
    }

    func close() async {}
}

extension SQLAnswer {
    /// A listing of texts.
    static func listing(_ names: [String], _ rows: [[String]]) -> SQLAnswer {
        .rows(
            SQLRows(
                columns: names.map { SQLColumn(name: $0, type: "TEXT") }, times: nil,
                values: names.indices.map { column in rows.map { .text($0[column]) } }))
    }

    /// What SHOW TIMESERIES answers.
    static func series(_ rows: [(path: String, type: String)]) -> SQLAnswer {
        listing(
            ["Timeseries", "DataType", "Encoding", "Compression"], rows.map { [$0.path, $0.type, "PLAIN", "LZ4"] })
    }
}
