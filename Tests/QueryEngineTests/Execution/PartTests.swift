// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import QueryEngine

@Suite struct TimeRangeSetTests {
    @Test func comparisonsAtTheEdges() {
        #expect(TimeRangeSet(.less, .min) == .none)
        #expect(TimeRangeSet(.greater, .max) == .none)
        #expect(TimeRangeSet(.greaterOrEqual, .min) == .all)
        #expect(TimeRangeSet(.notEqual, .min).ranges == [TimeRange(.min + 1, .max)])
        #expect(TimeRangeSet(.notEqual, 5).ranges == [TimeRange(.min, 4), TimeRange(6, .max)])
        #expect(TimeRangeSet.all.complement == .none)
        #expect(TimeRangeSet.none.complement == .all)
    }

    /// Against sets of numbers.
    @Test func algebra() {
        let domain = Int64(-1)...12
        var sets: [TimeRangeSet] = [.all, .none]
        for lower in stride(from: Int64(0), to: 10, by: 3) {
            for upper in stride(from: lower, to: 12, by: 4) { sets.append(TimeRangeSet(TimeRange(lower, upper))) }
        }
        sets += sets.prefix(6).flatMap { a in sets.suffix(6).map { a.union($0.complement) } }
        func members(_ set: TimeRangeSet) -> Set<Int64> {
            Set(domain.filter { time in set.ranges.contains { $0.contains(time) } })
        }
        for a in sets {
            #expect(members(a.complement) == Set(domain).subtracting(members(a)))
            #expect(a.complement.complement == a)
            for b in sets {
                #expect(members(a.intersection(b)) == members(a).intersection(members(b)))
                let union = a.union(b)
                #expect(members(union) == members(a).union(members(b)))
                #expect(zip(union.ranges, union.ranges.dropFirst()).allSatisfy { $0.upper + 1 < $1.lower })
            }
        }
    }
}

@Suite struct LikePatternTests {
    @Test(arguments: [
        ("", "", true), ("", "a", false), ("%", "", true), ("%%", "abc", true), ("a%", "abc", true),
        ("a%", "ba", false),
        ("%c", "abcc", true), ("a_c", "abc", true), ("a_c", "aéc", true), ("_", "é", true), ("_", "", false),
        ("%b%b%", "abcb", true), ("%b%b%", "abc", false), ("a\\%", "a%", true), ("a\\%", "ab", false),
        ("a\\\\", "a\\", true), ("a\\", "a\\", true), ("%a_", "aaab", true), ("温%", "温度", true),
    ])
    func matching(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(LikePattern(pattern).matches(Array(text.utf8)[...]) == isMatch)
    }
}

@Suite struct ValueTextTests {
    @Test(
        arguments: [
            (0.0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (1.5, "1.5"), (-25.25, "-25.25"), (100, "100.0"),
            (1e6, "1000000.0"),
            (9_999_999, "9999999.0"), (1e7, "1.0E7"), (12_345_678.9, "1.23456789E7"), (0.001, "0.001"),
            (0.0001, "1.0E-4"),
            (0.012, "0.012"), (1e10, "1.0E10"), (1e21, "1.0E21"), (1.5e300, "1.5E300"), (-1e-7, "-1.0E-7"),
            (.nan, "NaN"),
            (.infinity, "Infinity"), (-.infinity, "-Infinity"), (123_456.789, "123456.789"),
        ] as [(Double, String)])
    func doublesAreThoseOfJava(_ value: Double, _ text: String) {
        #expect(ValueText.text(of: .double(value)) == text)
    }

    @Test func otherTypes() {
        #expect(ValueText.text(of: .float(0.1)) == "0.1")
        #expect(ValueText.text(of: .float(16_777_216)) == "1.6777216E7")
        #expect(ValueText.text(of: .date(20_240_131)) == "2024-01-31")
        #expect(ValueText.text(of: .blob([1, 255])) == "0x01ff")
        #expect(ValueText.text(of: .boolean(true)) == "true")
        #expect(ValueText.text(of: .int64(.min)) == "-9223372036854775808")
    }
}

@Suite struct PresenceTests {
    @Test func bits() {
        var presence = Presence()
        for row in 0..<130 { presence.append(row % 3 == 0) }
        #expect(presence.presentCount == 44)
        #expect(presence[63] && !presence[64] && presence[129])
        #expect(presence.inverted.presentCount == 86)
        #expect(presence.intersection(presence.inverted).isEmpty)
        var all = presence
        all.formUnion(presence.inverted)
        #expect(all.isFull && all == Presence(repeating: true, count: 130))
        #expect(presence.compacted([0, 1, 129]).words == [0b101])
    }
}
