// SPDX-License-Identifier: Apache-2.0

import Catalog
import StorageEngine
import StorageTestSupport
import Testing
import TimeSeriesModel

@testable import Ingestion

/// `mqtt-payloads.md` section 10.3.
@Suite("Dead letters")
struct DeadLetterTests {
    private static func letter(_ number: Int, payload: [UInt8] = [1, 2, 3]) -> DeadLetter {
        DeadLetter(
            time: Int64(number), clientID: "client", user: "user", topic: Array("a/b".utf8), qualityOfService: 1,
            isRetained: true, formatter: "json",
            problems: [Problem(.badTime, .row, element: 2, row: 3, device: "root.d", offset: 4, "why")],
            payload: payload.span)
    }

    private static func decoded(_ bytes: [UInt8]) -> DeadLetter? { DeadLetter(decoding: bytes.span) }

    private static func all(_ world: World) throws -> [DeadLetter] {
        try world.deadLetters.letters(after: nil, limit: 10_000).map(\.letter)
    }

    private static func times(_ world: World) throws -> [Int64] { try all(world).map(\.time) }

    private static func put(_ world: World, _ letters: [DeadLetter]) throws {
        var batch = WriteBatch()
        for letter in letters { batch.append(participant: DeadLetterStore.participantID, letter.encoded().span) }
        try world.commit(&batch)
    }

    @Test("a record reads back what was written")
    func coding() {
        let letter = Self.letter(-5)
        #expect(Self.decoded(letter.encoded()) == letter)
        #expect(letter.isReplayable)
        let bytes = letter.encoded()
        for count in 0..<bytes.count { #expect(Self.decoded(Array(bytes[..<count])) == nil) }
        #expect(Self.decoded(bytes + [0]) == nil)
        #expect(Self.decoded([2] + bytes.dropFirst()) == nil)
    }

    @Test("a payload beyond 64 KiB is cut and cannot be replayed")
    func cut() {
        let whole = Self.letter(1, payload: [UInt8](repeating: 7, count: 65_536))
        #expect(whole.isReplayable)
        let long = Self.letter(1, payload: [UInt8](repeating: 7, count: 65_537))
        #expect(!long.isReplayable)
        #expect(long.payload.count == 65_536)
        #expect(long.payloadLength == 65_537)
        let read = Self.decoded(long.encoded())
        #expect(read == long)
        #expect(read?.isReplayable == false)
    }

    @Test("of many problems the first sixteen are kept, and long texts are cut")
    func problems() {
        let problems = (0..<40).map { Problem(.badTime, .row, row: $0, String(repeating: "m", count: 70_000)) }
        let payload: [UInt8] = []
        let letter = DeadLetter(
            time: 0, clientID: "c", user: "u", topic: [], qualityOfService: 0, isRetained: false, formatter: "json",
            problems: problems, payload: payload.span)
        #expect(letter.problems.count == DeadLetter.problemsMax)
        let read = Self.decoded(letter.encoded())
        #expect(read?.problems.map(\.row) == Array(0..<16))
        #expect(read?.problems.first?.message.utf8.count == 65_535)
    }

    @Test("a record is visible with its commit, and survives crash, checkpoint and restart in order")
    func survival() throws {
        var world = try World(seed: 5)
        try Self.put(world, [Self.letter(1), Self.letter(2)])
        #expect(try Self.all(world) == [Self.letter(1), Self.letter(2)])
        world = try world.restarted(crashing: true)
        #expect(try Self.times(world) == [1, 2])
        try Self.put(world, [Self.letter(3)])
        // The checkpoint moves them from the log to the catalog.
        try world.engine.flush()
        #expect(try Self.times(world) == [1, 2, 3])
        try Self.put(world, [Self.letter(4)])
        #expect(try Self.times(world) == [1, 2, 3, 4])
        #expect(world.deadLetters.counts.kept == 4)
        world = try world.restarted(crashing: true)
        #expect(try Self.all(world) == (1...4).map { Self.letter($0) })
        #expect(world.deadLetters.counts.kept == 4)
    }

    @Test("a record that was not committed is gone after a crash, with its rows")
    func uncommitted() throws {
        var world = try World(seed: 6)
        try world.publish(row(#"["a"]"#, "[1]"))
        world.disk.failNext(.sync, count: .max)
        var batch = WriteBatch()
        _ = world.judge(Array(row(#"["a"]"#, "[2]", time: 2).utf8), into: &batch)
        batch.append(participant: DeadLetterStore.participantID, Self.letter(1).encoded().span)
        try world.engine.append(&batch, ticket: 1_000, completion: NobodyWaits())
        #expect(try Self.times(world).isEmpty)
        #expect(try world.stored() == ["root.sg.d.a DOUBLE 1=1.0"])
        world = try world.restarted(crashing: true)
        // All of the batch or nothing of it.
        #expect(try Self.times(world).isEmpty == (world.stored() == ["root.sg.d.a DOUBLE 1=1.0"]))
    }

    @Test("pages begin behind a key, across catalog and log")
    func pages() throws {
        let world = try World()
        try Self.put(world, (1...5).map { Self.letter($0) })
        try world.engine.flush()
        try Self.put(world, (6...9).map { Self.letter($0) })
        var seen: [Int64] = []
        var key: DeadLetterKey?
        while true {
            let page = try world.deadLetters.letters(after: key, limit: 2)
            #expect(page.count <= 2)
            guard let last = page.last else { break }
            seen += page.map(\.letter.time)
            key = last.key
        }
        #expect(seen == Array(1...9))
    }

    @Test("mqtt_dead_letter_max_bytes: the oldest go out first and are counted")
    func eviction() throws {
        let bytes = Self.letter(1).encoded().count
        var world = try World { $0.deadLetters.bytesMax = 3 * bytes }
        try Self.put(world, (1...5).map { Self.letter($0) })
        #expect(try Self.times(world) == [3, 4, 5])
        #expect(
            world.deadLetters.counts
                == DeadLetterStore.Counts(kept: 3, keptBytes: 3 * bytes, skipped: 0, evicted: 2))
        try world.engine.flush()
        try Self.put(world, [Self.letter(6)])
        #expect(try Self.times(world) == [4, 5, 6])
        // The catalog is told at the next checkpoint.
        try world.engine.flush()
        #expect(try world.catalog.entries(of: DeadLetterStore.participantID, after: nil, limit: 100).count == 3)
        world = try world.restarted(crashing: true)
        #expect(try Self.times(world) == [4, 5, 6])
        #expect(world.deadLetters.counts.keptBytes == 3 * bytes)
    }

    @Test("pushed-out records that the catalog still has hide no others from a page")
    func evictedInCatalog() throws {
        let bytes = Self.letter(1).encoded().count
        let world = try World { $0.deadLetters.bytesMax = 4 * bytes }
        try Self.put(world, (1...4).map { Self.letter($0) })
        try world.engine.flush()
        try Self.put(world, [Self.letter(5), Self.letter(6)])
        let first = try world.deadLetters.letters(after: nil, limit: 2)
        #expect(first.map(\.letter.time) == [3, 4])
        #expect(try world.deadLetters.letters(after: first.last?.key, limit: 2).map(\.letter.time) == [5, 6])
    }

    @Test("a lower limit after a restart pushes out at once")
    func lowerLimit() throws {
        let bytes = Self.letter(1).encoded().count
        var world = try World()
        try Self.put(world, (1...5).map { Self.letter($0) })
        try world.engine.flush()
        world = try world.restarted(crashing: false) { $0.deadLetters.bytesMax = 2 * bytes }
        #expect(try Self.times(world) == [4, 5])
        world = try world.restarted(crashing: false) { $0.deadLetters.bytesMax = 0 }
        #expect(try Self.times(world).isEmpty)
    }

    @Test("many records pushed out are forgotten for good")
    func manyEvicted() throws {
        let bytes = Self.letter(1).encoded().count
        let world = try World { $0.deadLetters.bytesMax = 10 * bytes }
        for start in stride(from: 0, to: 3_000, by: 500) {
            try Self.put(world, (start..<start + 500).map { Self.letter($0) })
        }
        #expect(try Self.times(world) == Array(2_990..<3_000))
        #expect(world.deadLetters.counts.evicted == 2_990)
        try world.engine.flush()
        #expect(try Self.times(world) == Array(2_990..<3_000))
        #expect(try world.catalog.entries(of: DeadLetterStore.participantID, after: nil, limit: 100).count == 10)
    }

    @Test("mqtt_dead_letter_rate: per client, code and second, and what is skipped is counted")
    func rate() throws {
        let world = try World { $0.deadLetters.recordsPerSecondMax = 2 }
        let store = world.deadLetters
        func admits(_ client: String, _ code: ProblemCode, _ time: Int64) -> Bool {
            store.admits(clientID: client, code: code, milliseconds: time)
        }
        let answers = (0..<4).map { admits("a", .badJSON, 1_000 + $0) }
        #expect(answers == [true, true, false, false])
        #expect(admits("a", .badTime, 1_500))
        #expect(admits("b", .badJSON, 1_999))
        #expect(store.counts.skipped == 2)
        #expect(admits("a", .badJSON, 2_000))
        #expect(store.counts.skipped == 2)
        // A clock that is set back begins a new second, too.
        #expect(admits("a", .badJSON, 500))
    }

    @Test("clients that are told apart in a second are bounded")
    func rateEntries() {
        var limiter = DeadLetterRateLimiter(perSecond: 2)
        for number in 0..<DeadLetterRateLimiter.entriesMax {
            let isAdmitted = limiter.admits(clientID: "\(number)", code: 1, milliseconds: 0)
            #expect(isAdmitted)
        }
        let answers = [("one more", 999), ("7", 999), ("one more", 1_000)].map { client, time in
            limiter.admits(clientID: client, code: 1, milliseconds: Int64(time))
        }
        #expect(answers == [false, true, true])
    }

    @Test("mqtt_dead_letter_max_bytes = 0 keeps nothing and counts nothing as skipped")
    func off() throws {
        let world = try World { $0.deadLetters.bytesMax = 0 }
        #expect(!world.deadLetters.admits(clientID: "c", code: .badJSON, milliseconds: 0))
        #expect(world.deadLetters.counts == DeadLetterStore.Counts())
    }

    @Test("keys order by age")
    func keys() {
        let keys = [
            DeadLetterKey(sequence: 0, ordinal: 0), DeadLetterKey(sequence: 1, ordinal: 0),
            DeadLetterKey(sequence: 1, ordinal: 1), DeadLetterKey(sequence: 1, ordinal: 256),
            DeadLetterKey(sequence: 256, ordinal: 0), DeadLetterKey(sequence: .max, ordinal: .max),
        ]
        for (index, key) in keys.enumerated() {
            #expect(DeadLetterKey(key.bytes) == key)
            #expect(key.predecessor < key || index == 0)
            for later in keys[(index + 1)...] {
                #expect(key < later)
                #expect(key.bytes.lexicographicallyPrecedes(later.bytes))
                #expect(later.predecessor >= key)
            }
        }
        #expect(DeadLetterKey([1, 2]) == nil)
    }

    @Test("random crashes and checkpoints lose no acknowledged record and double none", arguments: 0..<10)
    func model(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var world = try World(seed: UInt64(seed)) { $0.deadLetters.bytesMax = 20 * Self.letter(1).encoded().count }
        var expected: [Int64] = []
        for step in 0..<60 {
            switch random.below(8) {
            case 0: try world.engine.flush()
            case 1: world = try world.restarted(crashing: true)
            case 2: world = try world.restarted(crashing: false)
            default:
                let count = 1 + random.below(3)
                try Self.put(world, (0..<count).map { Self.letter(step * 10 + $0) })
                expected += (0..<count).map { Int64(step * 10 + $0) }
                expected = Array(expected.suffix(20))
            }
            #expect(try Self.times(world) == expected, "step \(step)")
        }
    }
}

private final class NobodyWaits: CommitCompletion {
    func committed(through ticket: UInt64, result: Result<Void, StorageError>) {}
}
