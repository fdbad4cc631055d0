// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import apus

@Suite struct RESTAnswerTests {
    private func read(_ text: String, status: Int = 200, isQuery: Bool = true) throws(SQLClientError) -> SQLAnswer {
        try RESTAnswer.read(Data(text.utf8), httpStatus: status, isQuery: isQuery)
    }

    @Test func readsCellsByTheirColumnsType() throws {
        let answer = try read(
            #"{"expressions":["a","b","c"],"column_names":null,"data_types":["INT64","DOUBLE","BOOLEAN"],"#
                + #""timestamps":[1,2],"values":[[9223372036854775807,null],[1,"NaN"],[true,false]]}"#)
        guard case .rows(let rows) = answer else {
            Issue.record("no rows")
            return
        }
        #expect(rows.times == [1, 2])
        #expect(
            rows.values == [
                [.integer(.max), .null], [.number(1), .text("NaN")], [.boolean(true), .boolean(false)],
            ])
    }

    @Test func noRowsAreEmptyColumns() throws {
        let answer = try read(
            #"{"expressions":null,"column_names":["a"],"data_types":["TEXT"],"timestamps":null,"values":[]}"#)
        #expect(
            answer == .rows(SQLRows(columns: [SQLColumn(name: "a", type: "TEXT")], times: nil, values: [[]])))
    }

    @Test func errorsCarryCodeAndMessage() {
        #expect(throws: SQLClientError.refused(code: 700, message: "no")) {
            try read(#"{"code":700,"message":"no"}"#)
        }
        #expect(throws: SQLClientError.unauthorized("WRONG_LOGIN_PASSWORD")) {
            try read(#"{"code":801,"message":"WRONG_LOGIN_PASSWORD"}"#, status: 401)
        }
        #expect(throws: SQLClientError.self) { try read("<html>", status: 502) }
        #expect(SQLClientError.refused(code: 700, message: "").exitCode == 1)
        #expect(SQLClientError.unreachable("").exitCode == 3)
    }
}
