// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The bloom filter over the paths of a file's series (`tsfile.md` section 8.1).
struct BloomFilter: Sendable, Equatable {
    static let seeds: [UInt64] = [5, 7, 11, 19, 31, 37, 43, 59]
    /// Hash functions for the error rate of 0.05 that all writers use.
    static let hashCount = 5

    /// Bit p is bit p & 7 of byte p / 8; trailing zero bytes are cut off. Empty = the file has no filter.
    let bytes: [UInt8]
    /// In bits; above zero unless `bytes` is empty.
    let size: Int
    /// Hash functions in use, at most as many as there are seeds.
    let hashes: Int

    /// False only if the series is certainly not in the file. Both ways of hashing non-ASCII paths are tried, because a
    /// foreign writer set only one.
    func mayContain(_ path: String) -> Bool {
        guard !bytes.isEmpty else { return true }
        if containsAll(path, signedTail: true) { return true }
        return !Self.isASCII(path) && containsAll(path, signedTail: false)
    }

    private func containsAll(_ path: String, signedTail: Bool) -> Bool {
        let utf8 = path.utf8Span
        for seed in Self.seeds.prefix(hashes) {
            let bit = Self.magnitude(MurmurHash.hash(utf8.span, seed: seed, signedTail: signedTail)) % size
            if bit >> 3 >= bytes.count || bytes[bit >> 3] >> UInt8(bit & 7) & 1 == 0 { return false }
        }
        return true
    }

    /// The magnitude of a hash; the least integer, which has none, counts as 0.
    static func magnitude(_ hash: Int32) -> Int {
        hash == .min ? 0 : Int(abs(hash))
    }

    static func isASCII(_ path: String) -> Bool { path.utf8.allSatisfy { $0 < 0x80 } }

    /// Bits for so many series.
    static func size(forSeries count: Int) -> Int {
        let exact = -Double(count) * log(0.05) / log(2) / log(2)
        return max(256, Int(exact.rounded(.towardZero)) + 1)
    }
}

/// Gathers the hashes of a file's series until their number, and with it the size of the filter, is known.
struct BloomFilterBuilder {
    private var magnitudes: [UInt32] = []
    private var seriesCount = 0

    mutating func add(_ path: String) {
        seriesCount += 1
        let utf8 = path.utf8Span
        // Java and C++ hash non-ASCII paths differently; either must find the series.
        for signedTail in BloomFilter.isASCII(path) ? [true] : [true, false] {
            for seed in BloomFilter.seeds.prefix(BloomFilter.hashCount) {
                let hash = MurmurHash.hash(utf8.span, seed: seed, signedTail: signedTail)
                magnitudes.append(UInt32(BloomFilter.magnitude(hash)))
            }
        }
    }

    func filter() -> BloomFilter {
        guard seriesCount > 0 else { return BloomFilter(bytes: [], size: 0, hashes: 0) }
        let size = BloomFilter.size(forSeries: seriesCount)
        var bytes = [UInt8](repeating: 0, count: (size + 7) / 8)
        for magnitude in magnitudes {
            let bit = Int(magnitude) % size
            bytes[bit >> 3] |= 1 << UInt8(bit & 7)
        }
        while bytes.last == 0 { bytes.removeLast() }
        return BloomFilter(bytes: bytes, size: size, hashes: BloomFilter.hashCount)
    }
}
