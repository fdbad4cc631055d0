// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing

@Suite struct ParticipantTests {
    /// Byte order, unsigned, a prefix before what it begins.
    static let keys: [[UInt8]] = [[], [0], [0, 0], [0, 255], [1], [127, 9], [128], [255], [255, 0]]

    static func filled() throws -> SQLiteCatalog {
        let catalog = try SQLiteCatalog.inMemory()
        var transaction = CheckpointTransaction()
        for (index, key) in keys.enumerated().reversed() {
            transaction.participantChanges.append(
                ParticipantChange(participant: 7, key: key, value: Array(repeating: UInt8(index), count: index * 3_000))
            )
        }
        transaction.participantChanges.append(ParticipantChange(participant: 6, key: [9], value: [1]))
        transaction.participantChanges.append(ParticipantChange(participant: 8, key: [0], value: [2]))
        try catalog.commit(transaction)
        return catalog
    }

    @Test(arguments: [1, 2, 4, 9, 100])
    func pagesGiveEveryEntryOnceInKeyOrder(limit: Int) throws {
        let catalog = try Self.filled()
        var found: [ParticipantEntry] = []
        while true {
            let page = try catalog.entries(of: 7, after: found.last?.key, limit: limit)
            #expect(page.count <= limit)
            if page.isEmpty { break }
            found += page
        }
        #expect(found.map(\.key) == Self.keys)
        #expect(found.map(\.value.count) == Self.keys.indices.map { $0 * 3_000 })
    }

    @Test func aPageMayStartBetweenKeys() throws {
        let catalog = try Self.filled()
        #expect(try catalog.entries(of: 7, after: [2], limit: 2).map(\.key) == [[127, 9], [128]])
        #expect(try catalog.entries(of: 7, after: [255, 0], limit: 2).isEmpty)
        #expect(try catalog.entries(of: 7, after: nil, limit: 0).isEmpty)
        #expect(try catalog.entries(of: 7, after: nil, limit: -1).isEmpty)
    }

    @Test func participantsDoNotSeeEachOther() throws {
        let catalog = try Self.filled()
        #expect(try catalog.entries(of: 6, after: nil, limit: 10) == [ParticipantEntry(key: [9], value: [1])])
        #expect(try catalog.entries(of: 8, after: nil, limit: 10) == [ParticipantEntry(key: [0], value: [2])])
        #expect(try catalog.entries(of: 9, after: nil, limit: 10).isEmpty)
    }

    @Test func changesApplyInTheirOrder() throws {
        let catalog = try Self.filled()
        var transaction = CheckpointTransaction()
        transaction.participantChanges = [
            ParticipantChange(participant: 6, key: [9], value: nil),
            ParticipantChange(participant: 6, key: [5], value: [1]),
            ParticipantChange(participant: 6, key: [5], value: [2]),
            ParticipantChange(participant: 6, key: [4], value: [3]),
            ParticipantChange(participant: 6, key: [4], value: nil),
            ParticipantChange(participant: 6, key: [3], value: nil),
        ]
        try catalog.commit(transaction)
        #expect(try catalog.entries(of: 6, after: nil, limit: 10) == [ParticipantEntry(key: [5], value: [2])])
    }
}
