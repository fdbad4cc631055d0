// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Synchronization
import Testing

@testable import HTTPService

/// `iotdb-rest.md` sections 1, 3 and 4, over a socket.
@Suite struct RESTTests {
    private static let done = #"{"code":200,"message":"SUCCESS_STATUS"}"#

    @Test func answersColumnMajorWithEveryFieldInOrder() async throws {
        try await HTTPWorld().serve { user in
            let inserted = try await user.command(
                "insert into root.sg.d(time, i, t) values (1, 7, 'a\"b'), (2, null, '温\n度')")
            #expect(inserted == Self.done)
            let rows = try await user.query("select i, t from root.sg.d where time < 10")
            #expect(
                rows
                    == #"{"expressions":["root.sg.d.i","root.sg.d.t"],"column_names":null,"data_types":["DOUBLE","TEXT"],"#
                    + #""timestamps":[1,2],"values":[[7.0,null],["a\"b","温\n度"]]}"#)
            let count = try await user.query("select count(i), avg(i) from root.sg.d")
            #expect(
                count
                    == #"{"expressions":["count(root.sg.d.i)","avg(root.sg.d.i)"],"column_names":null,"#
                    + #""data_types":["INT64","DOUBLE"],"timestamps":null,"values":[[1],[7.0]]}"#)
            let listing = try await user.query("show child nodes root")
            #expect(
                listing
                    == #"{"expressions":null,"column_names":["ChildNodes"],"data_types":["TEXT"],"timestamps":null,"#
                    + #""values":[["sg"]]}"#)
        }
    }

    @Test func showsNoRowsAsEmptyLists() async throws {
        try await HTTPWorld().serve { user in
            _ = try await user.command("insert into root.sg.d(time, i) values (1, 7)")
            let rows = try await user.query("select i from root.sg.d where time > 5")
            #expect(rows.hasSuffix(#""timestamps":[],"values":[]}"#))
            let listing = try await user.query("show devices root.other.**")
            #expect(listing.hasSuffix(#""timestamps":null,"values":[]}"#))
        }
    }

    @Test func errorsAreStatusObjectsWithHTTP200() async throws {
        try await HTTPWorld().serve { user in
            let unparsable = try await user.post("/rest/v2/query", HTTPUser.json("selec"))
            #expect(unparsable.status == 200)
            #expect(unparsable.body.hasPrefix(#"{"code":700,"message":"Error occurred while parsing SQL"#))
            #expect(try await user.post("/rest/v2/query", "{}").body.contains("sql should not be null"))
            #expect(
                try await user.post("/rest/v2/query", #"{"sql":"show databases","row_limit":0}"#).body
                    == #"{"code":305,"message":"row_limit should be positive"}"#)
            let malformed = try await user.post("/rest/v2/query", "{sql")
            #expect(malformed.status == 400 && malformed.body.contains("JSON object"))
            #expect(try await user.get("/nowhere").status == 404)
        }
    }

    @Test func aStatementAtTheWrongEntryDoesNothing() async throws {
        try await HTTPWorld().serve { user in
            let query = try await user.query("create database root.wrong")
            #expect(query.contains(#""code":301"#))
            #expect(try await user.query("count databases").contains("[[0]]"))
            #expect(try await user.command("show databases").contains(#""code":301"#))
        }
    }

    @Test func theRowLimitRefusesLargerResults() async throws {
        var settings = HTTPServiceSettings()
        settings.rowLimitDefault = 2
        try await HTTPWorld().serve(settings) { user in
            _ = try await user.command("insert into root.sg.d(time, i) values (1, 1), (2, 2), (3, 3)")
            #expect(
                try await user.query("select i from root.sg.d")
                    == #"{"code":708,"message":"Dataset row size exceeded the given max row size (2)"}"#)
            let three = try await user.post("/rest/v2/query", #"{"sql":"select i from root.sg.d","row_limit":3}"#)
            #expect(three.body.contains("[1,2,3]"))
        }
    }

    @Test func limitsOfRequestAndAnswerNameTheirKeys() async throws {
        var settings = HTTPServiceSettings()
        settings.requestBytesMax = 200
        settings.responseBytesMax = 20
        try await HTTPWorld().serve(settings) { user in
            let long = try await user.post(
                "/rest/v2/query", HTTPUser.json("select " + String(repeating: "a", count: 200)))
            #expect(long.status == 413 && long.body.contains("rest_request_bytes_max"))
            _ = try await user.command("insert into root.sg.d(time, i) values (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)")
            let answer = try await user.query("select i from root.sg.d")
            #expect(answer.contains(#""code":709"#) && answer.contains("rest_response_bytes_max"))
        }
    }

    @Test func pingNeedsNoLoginAndTellsWhenNothingIsServed() async throws {
        let world = try HTTPWorld()
        try await world.serve { user in
            var anyone = user
            anyone.authorization = nil
            let serving = try await anyone.get("/ping")
            #expect(serving.body == Self.done)
            world.isServing.store(false, ordering: .relaxed)
            let stopping = try await anyone.get("/ping")
            #expect(stopping.status == 503)
        }
    }

    @Test func metricsAreInPrometheusText() async throws {
        try await HTTPWorld().serve { user in
            let answer = try await user.get("/metrics")
            #expect(
                answer.status == 200 && answer.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(answer.body.contains("# TYPE "))
        }
    }
}
