// SPDX-License-Identifier: Apache-2.0

import AccessControl
import TimeSeriesModel

/// Remembers what (device, measurement list, user) resolved to, so that one look-up serves a message (design section 5).
/// One per worker, never shared; names stay bytes on a hit.
struct SeriesCache {
    private var entries: [UInt64: ResolvedGroup] = [:]
    private let entriesMax: Int
    private let bytesMax: Int
    /// How many groups are remembered.
    var entryCount: Int { entries.count }
    /// Estimate of what the entries take.
    private(set) var byteCount = 0
    private let seed: UInt64

    init(entriesMax: Int, bytesMax: Int) {
        self.entriesMax = entriesMax
        self.bytesMax = bytesMax
        seed = UInt64.random(in: .min ... .max)
    }

    /// The hash of a group's names; the caller passes it on to `entry` and `insert`.
    func hash(of group: IncomingGroup, in rows: borrowing IncomingRows, principal: Principal) -> UInt64 {
        var hash = seed ^ UInt64(bitPattern: principal.id)
        let text = rows.text.span
        Self.mix(text.extracting(group.device.range), into: &hash)
        for index in group.measurements { Self.mix(text.extracting(rows.measurements[index].range), into: &hash) }
        return hash
    }

    /// The entry for exactly these names and this user, if it is still valid.
    func entry(
        _ hash: UInt64, _ group: IncomingGroup, in rows: borrowing IncomingRows, principal: Principal,
        schemaGeneration: UInt64, accessGeneration: UInt64
    ) -> ResolvedGroup? {
        guard let entry = entries[hash], entry.schemaGeneration == schemaGeneration,
            entry.accessGeneration == accessGeneration, entry.principal.id == principal.id,
            Self.namesMatch(entry, group, rows)
        else { return nil }
        return entry
    }

    mutating func insert(_ entry: ResolvedGroup, hash: UInt64) {
        if let old = entries.removeValue(forKey: hash) { byteCount -= old.byteCount }
        // Emptying it all is crude, but a fleet that overflows the cache has no locality that a cleverer rule could use.
        if entries.count >= entriesMax || byteCount + entry.byteCount > bytesMax {
            entries.removeAll(keepingCapacity: true)
            byteCount = 0
        }
        guard entriesMax > 0, entry.byteCount <= bytesMax else { return }
        entries[hash] = entry
        byteCount += entry.byteCount
    }

    private static func namesMatch(
        _ entry: ResolvedGroup, _ group: IncomingGroup, _ rows: borrowing IncomingRows
    ) -> Bool {
        let text = rows.text.span
        let deviceText = entry.deviceText, measurementText = entry.measurementText
        guard equal(text.extracting(group.device.range), deviceText.span, from: 0) else { return false }
        let names = measurementText.span
        var offset = 0
        for index in group.measurements {
            let name = text.extracting(rows.measurements[index].range)
            guard offset + 4 + name.count <= names.count, readLength(names, at: offset) == name.count,
                equal(name, names, from: offset + 4)
            else { return false }
            offset += 4 + name.count
        }
        return offset == names.count
    }

    /// The measurement names of a group in the form that entries keep.
    static func measurementText(of group: IncomingGroup, in rows: borrowing IncomingRows) -> [UInt8] {
        var bytes: [UInt8] = []
        for index in group.measurements {
            let range = rows.measurements[index].range
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: range.count >> shift))
            }
            bytes.append(contentsOf: rows.text[range])
        }
        return bytes
    }

    private static func readLength(_ bytes: Span<UInt8>, at offset: Int) -> Int {
        Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16 | Int(bytes[offset + 3]) << 24
    }

    /// Whether `lhs` is equal to the bytes of `rhs` from `offset` on, `rhs` being the whole where `offset` is 0.
    private static func equal(_ lhs: Span<UInt8>, _ rhs: Span<UInt8>, from offset: Int) -> Bool {
        if offset == 0, lhs.count != rhs.count { return false }
        var index = 0
        while index < lhs.count {
            if lhs[index] != rhs[offset + index] { return false }
            index += 1
        }
        return true
    }

    /// Multiply-mix over 8 bytes at a time; names are short, and an attacker only gains a cache miss.
    @inline(__always)
    private static func mix(_ bytes: Span<UInt8>, into hash: inout UInt64) {
        var word: UInt64 = UInt64(bytes.count)
        var filled = 0
        for index in bytes.indices {
            word = word << 8 | UInt64(bytes[index])
            filled += 1
            if filled == 8 {
                fold(word, into: &hash)
                word = 0
                filled = 0
            }
        }
        fold(word ^ 0x9e37_79b9_7f4a_7c15, into: &hash)
    }

    @inline(__always)
    private static func fold(_ word: UInt64, into hash: inout UInt64) {
        let product = (hash ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        hash = product.high ^ product.low
    }
}
