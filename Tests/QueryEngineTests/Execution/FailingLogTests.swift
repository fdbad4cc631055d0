// SPDX-License-Identifier: Apache-2.0

import StorageEngine
import StorageTestSupport
import Testing

@testable import QueryEngine

/// Statements that store give their query thread back while the log cannot be written, so that reads go on.
@Suite struct FailingLogTests {
    @Test func insertsAreRefusedAndReadsGoOn() async throws {
        var settings = QuerySettings()
        settings.threadCount = 1
        let world = try QueryWorld(settings: settings)
        try await world.run("insert into root.sg.d(time, s) values (1, 1)")
        world.disk.failNext(.sync, count: .max)
        // The first finds out, by waiting; the second is told at once. With one thread, neither may keep it.
        for time in 2...3 {
            await #expect {
                try await world.run("insert into root.sg.d(time, s) values (\(time), 1)")
            } throws: { error in
                (error as? StatementError)?.code == 600
            }
        }
        await #expect {
            try await world.run("create database root.other")
        } throws: { error in
            (error as? StatementError)?.code == 600
        }
        #expect(try await world.run("select count(s) from root.sg.d").rows == ["1"])
        #expect(try await world.run("count databases").rows == ["1"], "what is refused is not created")
        world.disk.failNext(.sync, count: 0)
        while world.storage.state.failure != nil { await Task.yield() }
        try await world.run("insert into root.sg.d(time, s) values (3, 1)")
        #expect(try await world.run("select s from root.sg.d where time = 3").rows == ["3|1.0"])
        try world.close()
    }
}
