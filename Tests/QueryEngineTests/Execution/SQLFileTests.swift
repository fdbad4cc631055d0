// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import QueryEngine

/// Runs `Tests/SQLTests/*.test`: see the README there.
@Suite struct SQLFileTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("SQLTests")

    static let files: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".test") }.sorted()
    }()

    @Test func thereAreFiles() { #expect(Self.files.count >= 5) }

    @Test(arguments: files)
    func statementsAnswerAsWritten(_ file: String) async throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent(file), encoding: .utf8)
            .replacingOccurrences(of: "{tests}", with: Self.folder.deletingLastPathComponent().path)
        let script = try SQLScript(text)
        let world = try QueryWorld()
        for step in script.steps {
            let session = try world.session(step.user, zone: step.zone)
            let lines: [String]
            do {
                lines = try await RenderedResult(of: step.sql, in: session).lines
            } catch let error as StatementError {
                lines = ["error \(error.code) \(error.message)"]
            }
            let isEqual =
                step.expected.count == 1 && step.expected[0].hasPrefix("error ")
                ? lines.count == 1 && lines[0].hasPrefix(step.expected[0]) : lines == step.expected
            #expect(
                isEqual,
                """
                \(file):\(step.line): \(step.sql)
                expected:
                \(step.expected.joined(separator: "\n"))
                got:
                \(lines.joined(separator: "\n"))
                """)
        }
        try world.close()
    }
}

/// A parsed `.test` file.
struct SQLScript {
    struct Step {
        var line: Int
        var user: String
        var zone: String?
        var sql: String
        var expected: [String]
    }

    struct Malformed: Error { var message: String }

    var steps: [Step] = []

    init(_ text: String) throws {
        var user = "root", zone: String?
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)[...]
        while let line = lines.first {
            if line.isEmpty || line.hasPrefix("#") {
                lines.removeFirst()
            } else if line.hasPrefix("as ") {
                user = String(line.dropFirst(3))
                lines.removeFirst()
            } else if line.hasPrefix("zone ") {
                zone = String(line.dropFirst(5))
                lines.removeFirst()
            } else {
                let number = lines.startIndex + 1
                guard let rule = lines.firstIndex(of: "----") else {
                    throw Malformed(message: "line \(number): no ---- behind the statement")
                }
                let end = lines[rule...].firstIndex(of: "") ?? lines.endIndex
                steps.append(
                    Step(
                        line: number, user: user, zone: zone, sql: lines[..<rule].joined(separator: "\n"),
                        expected: Array(lines[(rule + 1)..<end])))
                lines = lines[end...]
            }
        }
    }
}
