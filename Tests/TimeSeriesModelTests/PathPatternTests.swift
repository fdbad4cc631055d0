// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@Suite("Path patterns")
struct PathPatternTests {
    private func path(_ text: String) throws -> [String] { try DevicePath(parsing: text).nodes }

    @Test(
        "matches",
        arguments: [
            ("root.**", "root.a", true), ("root.**", "root.a.b.c", true), ("root.*", "root.a", true),
            ("root.*", "root.a.b", false), ("root.*.b", "root.a.b", true), ("root.a", "root.a", true),
            ("root.a", "root.b", false), ("root.a", "root.a.b", false), ("root.a.**", "root.a", false),
            ("root.**.s", "root.a.s", true), ("root.**.s", "root.a.b.s", true), ("root.**.s", "root.s", false),
            ("root.**.s.**", "root.a.s.b", true), ("root.**.s.**", "root.s.s.s", true),
            ("root.**.s.*", "root.a.s", false),
            ("root.ab*", "root.abc", true), ("root.ab*", "root.ab", true), ("root.ab*", "root.xab", false),
            ("root.*ab", "root.xab", true), ("root.*ab", "root.abx", false), ("root.*ab*", "root.xabx", true),
            ("root.*ab*", "root.ab", true), ("root.*ab*", "root.axb", false), ("root.*a", "root.`b a`", true),
            ("root.b*", "root.`b a`", true), ("root.`*`", "root.`*`", true), ("root.`*`", "root.x", false),
            ("root.`1`", "root.`1`", true), ("root.**.**", "root.a", false), ("root.**.**", "root.a.b", true),
        ])
    func matching(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try PathPattern(parsing: pattern).matches(path(text)) == expected)
    }

    @Test("everything")
    func all() throws {
        #expect(PathPattern.all.text == "root.**")
        #expect(try PathPattern.all.matches(path("root.a.b")))
        #expect(!PathPattern.all.matches(["root"]))
        #expect(!PathPattern.all.isExact)
    }

    @Test("exact patterns")
    func exact() throws {
        #expect(try PathPattern(parsing: "root.a.`x*`").isExact)
        for text in ["root.*", "root.a.**", "root.a*", "root.*a", "root.*a*.b"] {
            #expect(try !PathPattern(parsing: text).isExact)
        }
    }

    @Test(
        "malformed wildcards are refused",
        arguments: ["root.a*b", "root.***", "root.a**", "root.**a", "root.*a-*", "root.*.", "*.a"])
    func malformed(_ text: String) {
        #expect(throws: PathError.self) { try PathPattern(parsing: text) }
    }

    @Test("spellings of one pattern are equal")
    func equality() throws {
        let spellings = try [PathPattern(parsing: "root.`a`.*"), PathPattern(nodes: ["root", "a", "*"])]
        #expect(Set(spellings).count == 1)
        #expect(spellings[0].description == "root.a.*")
    }

    /// Whether the pattern matches, by the definition: try every length for each `**`.
    private func naive(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
        guard let part = pattern.first else { return path.isEmpty }
        guard let node = path.first else { return false }
        if part == "**" {
            return path.indices.contains { naive(pattern.dropFirst(), path[($0 + 1)...]) }
        }
        return nodeMatches(part, node) && naive(pattern.dropFirst(), path.dropFirst())
    }

    private func nodeMatches(_ part: String, _ node: String) -> Bool {
        switch part {
        case "*": true
        case "a*": node.hasPrefix("a")
        case "*b": node.hasSuffix("b")
        case "*a*": node.contains("a")
        default: part == node
        }
    }

    @Test("agrees with a naive model, and pruning never loses a match")
    func model() {
        var random = SplitMix(state: 11)
        let parts = ["a", "b", "ab", "*", "**", "a*", "*b", "*a*"]
        let names = ["a", "b", "ab", "ba", "c"]
        for _ in 0..<20_000 {
            let pattern = ["root"] + (0..<Int(random.next() % 5) + 1).map { _ in parts[Int(random.next() % 8)] }
            let path = ["root"] + (0..<Int(random.next() % 6)).map { _ in names[Int(random.next() % 5)] }
            let subject = PathPattern(nodes: pattern)
            let expected = naive(pattern[...], path[...])
            #expect(subject.matches(path) == expected, "\(pattern) on \(path)")
            guard expected else { continue }
            for length in 1..<path.count {
                #expect(subject.mayMatchBelow(Array(path[..<length])), "\(pattern) below \(path[..<length])")
            }
        }
    }

    @Test("pruning cuts what cannot match")
    func pruning() throws {
        let pattern = try PathPattern(parsing: "root.a.*.s")
        #expect(pattern.mayMatchBelow(["root"]))
        #expect(pattern.mayMatchBelow(["root", "a", "x"]))
        #expect(!pattern.mayMatchBelow(["root", "b"]))
        #expect(!pattern.mayMatchBelow(["root", "a", "x", "s"]), "nothing longer matches")
        let deep = try PathPattern(parsing: "root.a.**.s")
        #expect(deep.mayMatchBelow(["root", "a", "x", "y", "z"]))
        #expect(!deep.mayMatchBelow(["root", "b", "x"]))
        #expect(!PathPattern.all.mayMatchBelow(["other"]))
    }
}
