// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPService

@Suite struct AuthenticationTests {
    private static func basic(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    @Test func refusesMissingWrongAndIllegalCredentials() async throws {
        try await HTTPWorld().serve { user in
            var other = user
            other.authorization = nil
            let none = try await other.post("/rest/v2/query", HTTPUser.json("show databases"))
            #expect(none.status == 401 && none.body == #"{"code":800,"message":"INIT_AUTH_ERROR"}"#)
            #expect(none.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
            other.authorization = Self.basic("root", "wrong")
            let wrong = try await other.post("/rest/v2/query", HTTPUser.json("show databases"))
            #expect(wrong.status == 401 && wrong.body == #"{"code":801,"message":"WRONG_LOGIN_PASSWORD"}"#)
            for illegal in ["Basic", "Basic ???", "Bearer cm9vdDpyb290", "Basic cm9vdA=="] {
                other.authorization = illegal
                let answer = try await other.post("/rest/v2/query", HTTPUser.json("show databases"))
                #expect(answer.status == 400 && answer.body.contains(#""code":303"#), "\(illegal)")
            }
        }
    }

    @Test func theDefaultPasswordIsRefusedBehindAProxy() async throws {
        try await HTTPWorld().serve { user in
            for header in ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via", "Origin"] {
                let name = try #require(HTTPField.Name(header))
                let answer = try await user.post(
                    "/rest/v2/query", HTTPUser.json("show databases"), headers: [name: "10.1.1.1"])
                #expect(answer.status == 401 && answer.body.contains("apus user passwd root"), "\(header)")
            }
        }
    }

    @Test func rightsAreTheUsersOwn() async throws {
        try await HTTPWorld().serve { root in
            _ = try await root.command("insert into root.sg.d(time, a, b) values (1, 1, 2)")
            _ = try await root.command("create user alice 'with:colon'")
            _ = try await root.command("grant read_data on root.sg.d.a to user alice")
            var alice = root
            alice.authorization = "basic " + Data("alice:with:colon".utf8).base64EncodedString()
            #expect(try await alice.query("select * from root.sg.d").hasPrefix(#"{"expressions":["root.sg.d.a"],"#))
            #expect(try await alice.command("create user bobby 'secret-1'").contains(#""code":803"#))
        }
    }

    @Test func knowsLoopbackAddresses() throws {
        for (text, expected) in [
            ("127.0.0.1", true), ("127.8.8.8", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false),
            ("::ffff:10.0.0.1", false), ("2001:db8::1", false),
        ] {
            let address = try SocketAddress(ipAddress: text, port: 1)
            #expect(address.isLoopback == expected, "\(text)")
        }
    }

    @Test func aHostHeaderMustNameThisMachineForTheDefaultPassword() {
        for authority in ["localhost", "LOCALHOST:18080", "127.0.0.1:1", "127.9.9.9", "[::1]:18080"] {
            #expect(HTTPRequestContext.namesThisMachine(authority), "\(authority)")
        }
        for authority in [
            "", "evil.example:18080", "127.0.0.1.evil.example", "localhost.evil", "10.0.0.1", "[::2]", "[",
        ] {
            #expect(!HTTPRequestContext.namesThisMachine(authority), "\(authority)")
        }
    }

    @Test func otherOriginsAreLetInOnlyWhenConfigured() async throws {
        let origin: HTTPFields = [.origin: "https://plant.example"]
        try await HTTPWorld().serve { user in
            let answer = try await user.post("/rest/v2/query", HTTPUser.json("show databases"), headers: origin)
            #expect(answer.headers[.accessControlAllowOrigin] == nil)
        }
        var settings = HTTPServiceSettings()
        settings.corsOrigins = ["https://plant.example", "https://other.example"]
        try await HTTPWorld().serve(settings) { user in
            var anyone = user
            anyone.authorization = nil
            let preflight = try await anyone.send(.options, "/rest/v2/query", nil, origin)
            #expect(preflight.status == 204)
            #expect(preflight.headers[.accessControlAllowHeaders]?.contains("Authorization") == true)
            let foreign = try await user.post(
                "/rest/v2/query", HTTPUser.json("show databases"), headers: [.origin: "https://evil.example"])
            #expect(foreign.headers[.accessControlAllowOrigin] == nil)
        }
    }
}
