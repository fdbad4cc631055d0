// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Device paths, mqtt-payloads 6.1")
struct DevicePathTests {
    @Test(
        "legal paths and their canonical nodes",
        arguments: [
            ("root.sg.d1", ["root", "sg", "d1"]),
            ("root.sg", ["root", "sg"]),
            ("root.a:b@c#d$e{f}", ["root", "a:b@c#d$e{f}"]),
            ("root.温度.鿿", ["root", "温度", "鿿"]),
            ("root.\u{2e80}", ["root", "\u{2e80}"]),
            ("root.1d.2h", ["root", "1d", "2h"]),
            ("root.d1.NaN.Infinity", ["root", "d1", "NaN", "Infinity"]),
            ("root.0x10.1e5x", ["root", "0x10", "1e5x"]),
            ("root.roots.times.Timestamps", ["root", "roots", "times", "Timestamps"]),
            ("root.`abc`", ["root", "abc"]),
            ("root.`温度`", ["root", "温度"]),
            ("root.`a.b`", ["root", "`a.b`"]),
            ("root.`a``b`", ["root", "`a``b`"]),
            ("root.````", ["root", "````"]),
            ("root.`123`", ["root", "`123`"]),
            ("root.`1e5`", ["root", "`1e5`"]),
            ("root.`a b`.`-`", ["root", "`a b`", "`-`"]),
            ("root.`*`.`a*`", ["root", "`*`", "`a*`"]),
            ("root.`a:b`", ["root", "`a:b`"]),
            ("root.`ROOT`.`time`.`Timestamp`", ["root", "`ROOT`", "`time`", "`Timestamp`"]),
            ("root.`é`", ["root", "`é`"]),
        ] as [(String, [String])])
    func legal(_ text: String, _ nodes: [String]) throws {
        let path = try DevicePath(parsing: text)
        #expect(path.nodes == nodes)
        #expect(path.text == nodes.joined(separator: "."))
        // The canonical form means itself.
        #expect(try DevicePath(parsing: path.text) == path)
        #expect(DevicePath(canonical: nodes) == path)
        #expect(path.description == path.text)
    }

    @Test(
        "illegal paths, and what the message says",
        arguments: [
            ("", "empty"), ("root", "one node below root"), ("sg.d1", "start with root"),
            ("Root.sg", "start with root"),
            ("ROOT.sg", "start with root"), ("`root`.sg", "start with root"), (" root.sg", "start with root"),
            ("root.", "empty node"), ("root..d", "empty node"), ("root.sg.", "empty node"), (".root.sg", "start with"),
            ("root.sg.123", "reads as a number; write it in back quotes: `123`"), ("root.1e5", "`1e5`"),
            ("root.007", "number"), ("root.1E5.x", "number"),
            ("root.sg.time", "reserved"), ("root.TIME", "reserved"), ("root.TimeStamp.d", "reserved"),
            ("root.a.Root", "reserved"), ("root.root", "reserved"),
            ("root.a-b", "back quotes: `a-b`"), ("root.a/b", "outside letters"), ("root.a%b", "outside letters"),
            ("root.a+b", "outside letters"), ("root.a b", "outside letters"), ("root. sg", "outside letters"),
            ("root .sg", "start with root"), ("root.sg ", "outside letters"), ("root.é", "outside letters"),
            ("root.\u{2e7f}", "outside letters"), ("root.\u{a000}", "outside letters"), ("root.😀", "outside letters"),
            ("root.a\u{0}b", "outside letters"), ("root.a'b", "outside letters"), ("root.a`b", "outside letters"),
            ("root.*.d", "wildcard"), ("root.**", "wildcard"), ("root.sg.a*", "wildcard"), ("root.*a", "wildcard"),
            ("root.``", "empty"), ("root.`a", "not closed"), ("root.`a``", "not closed"), ("root.`", "not closed"),
            ("root.`a`b", "follows a closing"), ("root.`a`b`", "follows a closing"),
            ("root.`a\tb`", "tab"), ("root.`a\nb`", "line break"),
        ])
    func illegal(_ text: String, _ part: String) {
        do throws(PathError) {
            let path = try DevicePath(parsing: text)
            Issue.record("\(text) was taken as \(path)")
        } catch {
            #expect(error.code == .badPath)
            #expect(error.code.statusCode == 509)
            #expect(error.message.contains(part), "\(error.message)")
        }
    }

    @Test("what is not UTF-8 is refused")
    func invalidUTF8() {
        let bytes = Array("root.".utf8) + [0xe6, 0xb8]
        #expect(throws: PathError.self) { try DevicePath(parsing: bytes.span) }
        let quoted = Array("root.`".utf8) + [0xff] + Array("`".utf8)
        #expect(throws: PathError.self) { try DevicePath(parsing: quoted.span) }
    }

    @Test("equal however spelled")
    func equality() throws {
        let plain = try DevicePath(parsing: "root.sg.d1")
        let quoted = try DevicePath(parsing: "root.`sg`.`d1`")
        #expect(plain == quoted)
        #expect(plain.hashValue == quoted.hashValue)
        #expect(try plain != DevicePath(parsing: "root.sg.D1"))
    }

    @Test("limits of length")
    func limits() throws {
        func code(_ text: String) -> ProblemCode? {
            do throws(PathError) { _ = try DevicePath(parsing: text) } catch { return error.code }
            return nil
        }
        let nodes = ["root"] + [String](repeating: "a", count: PathLimits.nodesMax - 1)
        #expect(code(nodes.joined(separator: ".")) == nil)
        #expect(code(nodes.joined(separator: ".") + ".a") == .pathLimit)
        let node = String(repeating: "n", count: PathLimits.nodeBytesMax)
        #expect(code("root." + node) == nil)
        #expect(code("root." + node + "n") == .pathLimit)
        let rest = PathLimits.pathBytesMax - 5 - 3 * (PathLimits.nodeBytesMax + 1)
        let longest = "root.\(node).\(node).\(node)." + String(repeating: "z", count: rest)
        #expect(longest.utf8.count == PathLimits.pathBytesMax)
        #expect(code(longest) == nil)
        #expect(code(longest + "z") == .pathLimit)
        #expect(ProblemCode.pathLimit.statusCode == 526)
    }

    @Test("nothing traps on any short text")
    func shortTexts() {
        let alphabet: [UInt8] = Array("r`.*1e \n".utf8) + [0xe6, 0xb8, 0x80, 0xff]
        var random = SplitMix(state: 3)
        for _ in 0..<20_000 {
            let prefix = random.next() % 2 == 0 ? Array("root.".utf8) : []
            let bytes = prefix + (0..<Int(random.next() % 8)).map { _ in alphabet[Int(random.next() % 12)] }
            if let path = try? DevicePath(parsing: bytes.span) {
                #expect((try? DevicePath(parsing: path.text)) == path, "\(path)")
            }
            _ = try? PathPattern(parsing: bytes.span)
            _ = try? MeasurementName.canonical(bytes.span, quotingIllegal: true)
        }
    }
}

@Suite("Nodes")
struct PathNodeTests {
    @Test(
        "canonical form",
        arguments: [
            ("abc", "abc"), ("`abc`", "abc"), ("a b", "`a b`"), ("`a b`", "`a b`"), ("123", "`123`"), ("+1", "`+1`"),
            (".5", "`.5`"), ("1.5e-3", "`1.5e-3`"), ("a.b", "`a.b`"), ("a`b", "`a``b`"), ("`a``b`", "`a``b`"),
            ("`", "````"), ("", "``"), ("time", "`time`"), ("a:b", "`a:b`"), ("温", "温"), ("a*", "`a*`"),
        ])
    func canonical(_ raw: String, _ expected: String) {
        #expect(PathNode.canonical(raw) == expected)
        #expect(PathNode.canonical(expected) == expected)
    }

    @Test("content and canonical form are inverse")
    func inverse() {
        for content in ["abc", "a b", "`abc`", "a`b", "``", "1", "root", "x.y", "温 度", "'"] {
            #expect(PathNode.content(PathNode.canonical(content: content)) == content)
        }
    }
}
