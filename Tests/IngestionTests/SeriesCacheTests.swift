// SPDX-License-Identifier: Apache-2.0

import AccessControl
import StorageEngine
import Testing
import TimeSeriesModel

@testable import Ingestion

@Suite("The series cache")
struct SeriesCacheTests {
    /// Looks a payload's group up as an ingestor does; returns whether it was there.
    private static func look(
        _ cache: inout SeriesCache, _ world: World, _ payload: String, _ principal: Principal = .root
    ) throws -> Bool {
        let rows = world.formatted(payload)
        let group = rows.groups[0]
        let hash = cache.hash(of: group, in: rows, principal: principal)
        let schema = world.engine.schema.generation, access = world.access.generation
        if cache.entry(
            hash, group, in: rows, principal: principal, schemaGeneration: schema, accessGeneration: access) != nil
        {
            return true
        }
        let resolver = GroupResolver(service: world.service, principal: principal)
        cache.insert(
            try resolver.resolve(group, in: rows, schemaGeneration: schema, accessGeneration: access), hash: hash)
        return false
    }

    @Test("hits need the same device, the same names in the same order, and the same user")
    func hits() throws {
        let world = try World()
        let user = try world.user("other")
        var cache = SeriesCache(entriesMax: 100, bytesMax: 1 << 20)
        let payload = row(#"["ab","c"]"#, "[1,2]")
        #expect(try !Self.look(&cache, world, payload))
        #expect(try Self.look(&cache, world, payload))
        #expect(try Self.look(&cache, world, row(#"["ab","c"]"#, #"["other","values"]"#, time: 9)))
        #expect(try !Self.look(&cache, world, row(#"["c","ab"]"#, "[1,2]")))
        #expect(try !Self.look(&cache, world, row(#"["a","bc"]"#, "[1,2]")))
        #expect(try !Self.look(&cache, world, row(#"["ab"]"#, "[1]")))
        #expect(try !Self.look(&cache, world, row(#"["ab","c","d"]"#, "[1,2,3]")))
        #expect(try !Self.look(&cache, world, row(#"["ab","c"]"#, "[1,2]", device: "root.sg.d2")))
        #expect(try !Self.look(&cache, world, payload, user))
        #expect(try Self.look(&cache, world, payload, user))
        #expect(try Self.look(&cache, world, payload))
    }

    @Test("an entry is void once a grant changed")
    func grants() throws {
        let world = try World()
        var cache = SeriesCache(entriesMax: 100, bytesMax: 1 << 20)
        #expect(try !Self.look(&cache, world, row()))
        _ = try world.user("somebody", (.readData, "root.**"))
        #expect(try !Self.look(&cache, world, row()))
        #expect(try Self.look(&cache, world, row()))
    }

    @Test("ingestion_cache_entries_max")
    func entries() throws {
        let world = try World()
        var cache = SeriesCache(entriesMax: 4, bytesMax: 1 << 20)
        for number in 0..<50 {
            #expect(try !Self.look(&cache, world, row(#"["a"]"#, "[1]", device: "root.sg.d\(number)")))
            #expect(cache.entryCount <= 4)
        }
        #expect(cache.entryCount > 0)
        var none = SeriesCache(entriesMax: 0, bytesMax: 1 << 20)
        #expect(try !Self.look(&none, world, row()))
        #expect(none.entryCount == 0)
    }

    @Test("ingestion_cache_max_bytes: long names do not fill the memory")
    func bytes() throws {
        let world = try World()
        var cache = SeriesCache(entriesMax: 1_000, bytesMax: 100_000)
        for number in 0..<50 {
            let names = (0..<20).map { "\"n\($0)_" + String(repeating: "x", count: 100) + "\"" }
            let values = [String](repeating: "1", count: 20).joined(separator: ",")
            _ = try Self.look(
                &cache, world,
                row("[\(names.joined(separator: ","))]", "[\(values)]", device: "root.sg.d\(number)"))
            #expect(cache.byteCount <= 100_000)
        }
        #expect(cache.entryCount > 1)
        var tiny = SeriesCache(entriesMax: 1_000, bytesMax: 100)
        _ = try Self.look(&tiny, world, row())
        #expect(tiny.entryCount == 0 && tiny.byteCount == 0)
    }

    @Test("an entry that is replaced is counted once")
    func replacing() throws {
        let world = try World()
        var cache = SeriesCache(entriesMax: 10, bytesMax: 100_000)
        _ = try Self.look(&cache, world, row())
        let once = cache.byteCount
        for number in 0..<5 {
            _ = try world.user("user\(number)")
            _ = try Self.look(&cache, world, row())
        }
        #expect(cache.byteCount == once)
        #expect(cache.entryCount == 1)
    }

    @Test("a world whose cache is too small for anything stores all the same")
    func noCache() throws {
        let world = try World {
            $0.ingestion.cacheEntriesMax = 0
            $0.ingestion.cacheBytesMax = 0
        }
        for _ in 0..<3 { #expect(try world.publish(row()).verdict.outcome == .stored) }
        #expect(try world.stored() == storedRow)
    }
}
