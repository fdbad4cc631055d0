// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import QueryEngine

/// No text may trap the parser: it answers a statement or an error.
@Suite struct HostileTextTests {
    static let corpus = [
        "select s1+1, COUNT(s2) as `c d`, -s3*(s4-2)/1.5e3 from root.ln.**, root.a*.*b.*c* where time >= 2017-11-01T00:08:00",
        "select last * from root.ln.** where time > now() - 1d2h and time <= 2024-01-01 00:00:00.5+08:00 order by timeseries",
        "select count(s) from root.a group by ([2017-11-01T00:00:00, 2017-11-07T23:00:00), 1d, 1mo), level = 1, 2 having a > 1",
        "select s from root.a where s in (1,'x',X'01ff') or not s like 'a%' && s is not null | s between 1 and 2 limit 5 slimit 1",
        "select f(a, 'k'='v') from root.a order by time desc, s nulls first fill(previous, 1h) align by device;",
        "insert into root.sg.d(timestamp, s1, `s 2`) aligned values (1, 1.5, 'it''s'), (2, null, X'00')",
        "create database root.ln with schema_replication_factor=1, TTL=3",
        "show devices root.a.** with database limit 1 offset 2",
        "grant read_data, write on root.ln.** to user `u 1` with grant option", "count nodes root.** level=2",
        "alter user root set password \"a\"\"b\"", "flush root.a, root.b true on cluster", "show dead letters limit 3",
    ]

    /// Small, fast, the same everywhere.
    private struct Generator {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
        }
    }

    private func attempt(_ bytes: [UInt8]) {
        do throws(StatementError) {
            _ = try parse(String(decoding: bytes, as: UTF8.self))
        } catch {
            #expect([300, 700, 701].contains(error.code))
            #expect(!error.message.contains("\n"))
        }
    }

    @Test func everyTruncation() {
        for statement in Self.corpus {
            let bytes = Array(statement.utf8)
            for count in 0...bytes.count {
                attempt(Array(bytes.prefix(count)))
                attempt(Array(bytes.suffix(count)))
            }
        }
    }

    @Test func mutations() {
        var random = Generator(state: 42)
        let pieces = Self.corpus.flatMap { $0.split(separator: " ").map { Array($0.utf8) } }
        let special = Array("'\"`.*()[],;-+/%<>=!&|\\\0\n\u{7f}09eExX:".utf8)
        for statement in Self.corpus {
            for _ in 0..<400 {
                var bytes = Array(statement.utf8)
                for _ in 0...random.next(below: 4) {
                    let place = random.next(below: bytes.count)
                    switch random.next(below: 5) {
                    case 0: bytes[place] = UInt8(random.next(below: 256))
                    case 1: bytes[place] = special[random.next(below: special.count)]
                    case 2: bytes.remove(at: place)
                    case 3: bytes.insert(special[random.next(below: special.count)], at: place)
                    default: bytes.insert(contentsOf: pieces[random.next(below: pieces.count)] + [0x20], at: place)
                    }
                    if bytes.isEmpty { bytes = [0x20] }
                }
                attempt(bytes)
            }
        }
    }
}
