// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TsFile

@Suite struct NamesTests {
    @Test(arguments: [
        ("root", ["root"]), ("root.sg", ["root", "sg"]), ("root.sg.d1", ["root.sg", "d1"]),
        ("root.a.b.c", ["root.a.b", "c"]), ("root.a.b.c.d", ["root.a.b", "c", "d"]),
        ("root.a.b.c.d.e", ["root.a.b", "c", "d", "e"]),
    ])
    func deviceSegments(path: String, segments: [String]) {
        let device = TsFileDeviceID(path: path.split(separator: ".").map(String.init))
        #expect(device.segments == segments)
        #expect(device.description == path)
    }

    @Test func quotedNodesStayWhole() {
        #expect(TsFileDeviceID(path: ["root", "sg", "`a.b`"]).segments == ["root.sg", "`a.b`"])
    }

    @Test func deviceOrder() {
        let sorted: [TsFileDeviceID] = [
            TsFileDeviceID(segments: ["root"]), TsFileDeviceID(segments: ["root", nil]),
            TsFileDeviceID(segments: ["root", nil, "a"]), TsFileDeviceID(segments: ["root", ""]),
            TsFileDeviceID(segments: ["root", "Z"]), TsFileDeviceID(segments: ["root", "a"]),
            TsFileDeviceID(segments: ["root", "a", "b"]), TsFileDeviceID(segments: ["root", "e\u{301}"]),
            TsFileDeviceID(segments: ["root", "é"]), TsFileDeviceID(segments: ["root", "\u{fffd}"]),
            TsFileDeviceID(segments: ["root", "😀"]), TsFileDeviceID(segments: ["root-a"]),
            TsFileDeviceID(segments: ["root.a"]),
        ]
        for (i, a) in sorted.enumerated() {
            for (j, b) in sorted.enumerated() {
                #expect((a < b) == (i < j))
                #expect((a == b) == (i == j))
            }
        }
        // Swift takes these two for equal, the format does not.
        #expect(Set([sorted[7], sorted[8]]).count == 2)
    }

    @Test(arguments: [
        ("", -1_795_273_567, 1_196_418_449), ("root.sg.d1.s1", -1_021_017_105, 1_766_616_266),
        ("0123456789abcdef", -1_940_275_056, -850_590_416), ("0123456789abcdef0", -449_275_211, -1_609_333_142),
    ])
    func murmur(text: String, seed5: Int, seed7: Int) {
        let bytes = Array(text.utf8)
        #expect(MurmurHash.hash(bytes.span, seed: 5, signedTail: true) == Int32(seed5))
        #expect(MurmurHash.hash(bytes.span, seed: 7, signedTail: true) == Int32(seed7))
        #expect(MurmurHash.hash(bytes.span, seed: 5, signedTail: false) == Int32(seed5))
    }

    @Test func murmurOfNonASCII() {
        let bytes = Array("root.x.d.é".utf8)
        #expect(MurmurHash.hash(bytes.span, seed: 5, signedTail: true) == 144_414_592)
        #expect(MurmurHash.hash(bytes.span, seed: 5, signedTail: false) == 288_016_468)
    }

    @Test func bloomSizes() {
        #expect([1, 42, 1_000].map { BloomFilter.size(forSeries: $0) } == [256, 262, 6_236])
    }

    @Test func bloomBits() {
        var builder = BloomFilterBuilder()
        builder.add("root.sg.d1.s1")
        let filter = builder.filter()
        #expect(filter.size == 256 && filter.hashes == 5)
        let bits = (0..<filter.bytes.count * 8).filter { filter.bytes[$0 >> 3] >> UInt8($0 & 7) & 1 == 1 }
        #expect(bits == [17, 94, 190, 201, 202])
        #expect(filter.bytes.last != 0)
        #expect(filter.mayContain("root.sg.d1.s1"))
        #expect(!filter.mayContain("root.sg.d1.s2"))
        #expect(BloomFilter.magnitude(.min) == 0)
    }

    /// A filter of either official writer must find a non-ASCII series.
    @Test(arguments: [true, false])
    func bloomOfForeignWriters(signedTail: Bool) {
        let path = "root.x.d.é"
        var bytes = [UInt8](repeating: 0, count: 32)
        for seed in BloomFilter.seeds.prefix(5) {
            let hash = MurmurHash.hash(Array(path.utf8).span, seed: seed, signedTail: signedTail)
            let bit = BloomFilter.magnitude(hash) % 256
            bytes[bit >> 3] |= 1 << UInt8(bit & 7)
        }
        #expect(BloomFilter(bytes: bytes, size: 256, hashes: 5).mayContain(path))
        var ours = BloomFilterBuilder()
        ours.add(path)
        for (index, byte) in bytes.enumerated() where byte != 0 { #expect(ours.filter().bytes[index] & byte == byte) }
    }

    @Test func bloomKeepsEverySeries() {
        var builder = BloomFilterBuilder()
        let paths = (0..<3_000).map { "root.sg.d\($0 / 10).s\($0 % 10)" }
        for path in paths { builder.add(path) }
        let filter = builder.filter()
        #expect(paths.allSatisfy(filter.mayContain))
        let wrong = (0..<3_000).count { filter.mayContain("root.other.d\($0)") }
        #expect(wrong < 450)
    }

    @Test func noFilterExcludesNothing() {
        #expect(BloomFilter(bytes: [], size: 0, hashes: 0).mayContain("root.sg.d1.s1"))
    }
}
