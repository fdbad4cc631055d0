// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TimeSeriesModel

@testable import apus

@Suite struct CSVImportTests {
    /// A file in a folder of its own, removed at the end.
    private func withFile<Result>(_ text: String, _ body: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("apus-import-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("a.csv").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try await body(path)
    }

    private func content(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func linesBecomeRowsAndSeriesAreCreated() async throws {
        try await withFile("Time,root.a.d.s(INT32),root.a.d.t(TEXT),root.a.e.s(DOUBLE)\n1,5,x,\n2,,,1.5\n") { path in
            let server = ScriptedServer { sql in sql.hasPrefix("SHOW") ? .series([]) : .done }
            let run = try await CSVImport(path, server, precision: .milliseconds, isAligned: false, resume: false)
            try await run.run()
            #expect(run.rows == 2 && run.rejected == 0)
            #expect(
                server.statements.filter { !$0.hasPrefix("SHOW") } == [
                    "CREATE TIMESERIES root.a.d.s WITH DATATYPE=INT32",
                    "CREATE TIMESERIES root.a.d.t WITH DATATYPE=TEXT",
                    "CREATE TIMESERIES root.a.e.s WITH DATATYPE=DOUBLE",
                    "INSERT INTO root.a.d(time, s, t) VALUES (1, 5, 'x')",
                    "INSERT INTO root.a.e(time, s) VALUES (2, 1.5)",
                ])
            #expect(content("\(path).rejected") == nil && content("\(path).import-state") == nil)
        }
    }

    @Test func wrongLinesAreSetAsideAndTheOthersGoOn() async throws {
        let text = "Time,root.a.d.s(INT32)\n1,5\nnever,6\n3,x\n4,4,4\n5,7\n6,8"
        try await withFile(text) { path in
            let server = ScriptedServer { sql throws(SQLClientError) in
                if sql.hasPrefix("SHOW") { return .series([("root.a.d.s", "INT32")]) }
                // The server refuses what holds the row of time 5.
                if sql.contains("(5, ") { throw .refused(code: 507, message: "no") }
                return .done
            }
            let run = try await CSVImport(path, server, precision: .milliseconds, isAligned: false, resume: false)
            try await run.run()
            #expect(run.rejected == 4)
            #expect(content("\(path).rejected") == "Time,root.a.d.s(INT32)\nnever,6\n3,x\n4,4,4\n5,7\n")
            let inserts = server.statements.filter { $0.hasPrefix("INSERT") }
            #expect(inserts.contains { $0.contains("(1, 5)") && !$0.contains("(5, ") })
            #expect(inserts.contains { $0.contains("(6, 8)") && !$0.contains("(5, ") })
        }
    }

    @Test func anInterruptedImportGoesOnBehindTheLastBatch() async throws {
        let lines = (0..<12_000).map { "\($0),\($0)" }
        try await withFile("Time,root.a.d.s(INT32)\n" + lines.joined(separator: "\n")) { path in
            let broken = ScriptedServer { sql throws(SQLClientError) in
                if sql.hasPrefix("SHOW") { return .series([("root.a.d.s", "INT32")]) }
                if sql.contains("(7000, ") { throw .unreachable("gone") }
                return .done
            }
            let first = try await CSVImport(path, broken, precision: .milliseconds, isAligned: false, resume: false)
            await #expect(throws: SQLClientError.unreachable("gone")) { try await first.run() }
            let whole = ScriptedServer { $0.hasPrefix("SHOW") ? .series([("root.a.d.s", "INT32")]) : .done }
            let second = try await CSVImport(path, whole, precision: .milliseconds, isAligned: false, resume: true)
            try await second.run()
            #expect(second.rows == 7_000)
            #expect(whole.statements.contains { $0.contains("VALUES (5000, 5000)") })
            #expect(whole.statements.contains { $0.contains("(11999, 11999)") })
        }
    }

    @Test func aTypeThatTheServerContradictsIsToldBeforeAnythingIsWritten() async throws {
        try await withFile("Time,root.a.d.s(INT32)\n1,5\n") { path in
            let server = ScriptedServer { _ in .series([("root.a.d.s", "TEXT")]) }
            await #expect(throws: FileTrouble.self) {
                _ = try await CSVImport(path, server, precision: .milliseconds, isAligned: false, resume: false)
            }
            #expect(!server.statements.contains { $0.hasPrefix("INSERT") })
        }
    }
}
