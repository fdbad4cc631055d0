// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Measurement names, mqtt-payloads 6.2")
struct MeasurementNameTests {
    private func canonical(_ name: String, quoting: Bool = false) throws(PathError) -> String {
        let bytes = Array(name.utf8)
        return try MeasurementName.canonical(bytes.span, quotingIllegal: quoting)
    }

    @Test(
        "legal",
        arguments: [
            ("s1", "s1"), ("_", "_"), ("1d", "1d"), ("温度", "温度"), ("`s1`", "s1"), ("`a b`", "`a b`"),
            ("`a.b`", "`a.b`"), ("`7`", "`7`"), ("`time`", "`time`"), ("`a``b`", "`a``b`"), ("`*`", "`*`"),
            ("NaN", "NaN"),
        ])
    func legal(_ name: String, _ expected: String) throws {
        #expect(try canonical(name) == expected)
        #expect(try canonical(name, quoting: true) == expected)
        #expect(try canonical(expected) == expected)
    }

    @Test(
        "illegal; with the switch stored as a quoted node",
        arguments: [
            ("a.b", "`a.b`"), ("a b", "`a b`"), ("7", "`7`"), ("1e5", "`1e5`"), ("-1", "`-1`"), ("time", "`time`"),
            ("TimeStamp", "`TimeStamp`"), ("root", "`root`"), ("ROOT", "`ROOT`"), ("a-b", "`a-b`"), ("a:b", "`a:b`"),
            ("a#", "`a#`"), ("s1*", "`s1*`"), ("*", "`*`"), ("**", "`**`"), ("é", "`é`"), ("`a", "```a`"),
            ("a`b", "`a``b`"), ("`a`b`", "```a``b```"), ("``", "``````"), ("`", "````"), ("a\u{1}", "`a\u{1}`"),
        ])
    func illegal(_ name: String, _ quoted: String) throws {
        do throws(PathError) {
            let taken = try canonical(name)
            Issue.record("\(name) was taken as \(taken)")
        } catch {
            #expect(error.code == .badPath)
            #expect(error.message.contains(name.filter { $0 != "\u{1}" }), "\(error.message)")
        }
        #expect(try canonical(name, quoting: true) == quoted)
        #expect(try canonical(quoted) == quoted)
    }

    @Test("the remedy names the switch")
    func remedy() {
        do throws(PathError) { _ = try canonical("a b") } catch {
            #expect(error.message.contains("mqtt_quote_illegal_measurements=true"))
        }
    }

    @Test("never legal", arguments: ["", "a\tb", "a\nb", "`a\nb`", "`a\tb`", "\n"], [false, true])
    func never(_ name: String, _ quoting: Bool) {
        #expect(throws: PathError.self) { try canonical(name, quoting: quoting) }
    }

    @Test("invalid UTF-8 and overlong names")
    func invalid() throws {
        let bytes: [UInt8] = [0x61, 0xff]
        #expect(throws: PathError.self) { try MeasurementName.canonical(bytes.span, quotingIllegal: true) }
        let longest = String(repeating: "s", count: PathLimits.nodeBytesMax)
        #expect(try canonical(longest) == longest)
        do throws(PathError) {
            _ = try canonical(longest + "s")
            Issue.record("too long, but taken")
        } catch {
            #expect(error.code == .pathLimit)
        }
    }
}
