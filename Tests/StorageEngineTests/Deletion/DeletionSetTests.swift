// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct DeletionSetTests {
    private func deletion(_ sequence: UInt64, _ pattern: String, _ lower: Int64, _ upper: Int64) throws -> Deletion {
        Deletion(
            sequence: sequence, pattern: try PathPattern(parsing: pattern), range: TimeRange(lower, upper))
    }

    @Test func onlyWhatCameBeforeIsHidden() throws {
        let set = DeletionSet([try deletion(5, "root.a.d.s", 1, 9)])
        #expect(set.hidden(device: ["root", "a", "d"], measurement: "s", from: 4) == [TimeRange(1, 9)])
        #expect(set.hidden(device: ["root", "a", "d"], measurement: "s", from: 5).isEmpty)
        #expect(set.hidden(device: ["root", "a", "d"], measurement: "t", from: 4).isEmpty)
        #expect(set.hidden(device: ["root", "a"], measurement: "d", from: 4).isEmpty)
        #expect(DeletionSet().hidden(device: ["root", "a", "d"], measurement: "s", from: 0).isEmpty)
    }

    @Test func rangesOfPathsAndPatternsAreMerged() throws {
        let set = DeletionSet([
            try deletion(5, "root.a.d.s", 20, 30), try deletion(6, "root.a.**", 1, 4),
            try deletion(7, "root.*.d.s", 5, 9), try deletion(8, "root.a.d.*", 8, 12),
            try deletion(9, "root.b.**", 0, 99),
        ])
        #expect(
            set.hidden(device: ["root", "a", "d"], measurement: "s", from: 0)
                == [TimeRange(1, 12), TimeRange(20, 30)])
        #expect(set.hidden(device: ["root", "a", "d"], measurement: "s", from: 6) == [TimeRange(5, 12)])
        #expect(set.hidden(device: ["root", "a"], measurement: "d", from: 0) == [TimeRange(1, 4)])
    }

    @Test func theEndsOfTimeDoNotOverflow() throws {
        let set = DeletionSet([
            try deletion(5, "root.a.s", .min, .max), try deletion(6, "root.a.s", .max, .max),
            try deletion(7, "root.a.s", 1, 0),
        ])
        #expect(set.count == 2)
        #expect(set.hidden(device: ["root", "a"], measurement: "s", from: 0) == [.all])
    }

    @Test func namesThatOnlyLookAlikeAreDifferent() throws {
        let set = DeletionSet([try deletion(5, "root.a.`\u{E9}`", 1, 9)])
        #expect(set.hidden(device: ["root", "a"], measurement: "`\u{E9}`", from: 0).count == 1)
        #expect(set.hidden(device: ["root", "a"], measurement: "`e\u{301}`", from: 0).isEmpty)
    }

    @Test func whatIsRemovedHidesNothing() throws {
        let first = try deletion(5, "root.a.s", 1, 9), second = try deletion(6, "root.**", 20, 30)
        let set = DeletionSet([first]).adding([second])
        #expect(set.all() == [first, second] && set.count == 2)
        let rest = set.removing([first, try deletion(6, "root.**", 20, 31)])
        #expect(rest.all() == [second])
        #expect(set.count == 2)
    }

    /// The union of ranges is what a bitmap says.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func aUnionIsThatOfItsTimes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let ranges = (0..<random.below(8)).map { _ in
            let lower = Int64(random.below(40))
            return TimeRange(lower, lower + Int64(random.below(10)) - 2)
        }
        let union = TimeRange.union(ranges)
        for time in Int64(-3)...60 {
            #expect(union.contains { $0.contains(time) } == ranges.contains { $0.contains(time) })
        }
        for (left, right) in zip(union, union.dropFirst()) { #expect(left.upper + 1 < right.lower) }
        #expect(union.allSatisfy { !$0.isEmpty })
    }

    @Test func aCatalogWithANonsensePatternIsRefused() {
        let error = #expect(throws: StorageError.self) {
            try DeletionSet(records: [DeletionRecord(sequence: 1, pattern: "root..x", lower: 0, upper: 1)])
        }
        #expect(error?.code == .catalog)
    }
}
