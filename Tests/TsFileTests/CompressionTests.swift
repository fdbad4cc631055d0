// SPDX-License-Identifier: Apache-2.0

import CCompressors
import Testing
import TimeSeriesModel

@testable import TsFile

/// Compression of page bodies (`tsfile.md` section 5).
@Suite struct CompressionTests {
    private func compress(_ body: [UInt8], _ compressor: TsFileCompressor) throws -> [UInt8] {
        var stored: [UInt8] = []
        try Compression.compress(body.span, compressor, to: &stored)
        return stored
    }

    @Test func lz4Vector() throws {
        #expect(hex(try compress(Array("abc".utf8), .lz4)) == "30616263")
    }

    /// What the framing of each compressor begins and ends with.
    @Test func framing() throws {
        let body = Array("abcabcabcabc".utf8)
        #expect(try compress(body, .snappy).first == 12)
        #expect(hex(Array(try compress(body, .gzip).prefix(4))) == "1f8b0800")
        // A frame with its content size in one byte.
        #expect(hex(Array(try compress(body, .zstd).prefix(6))) == "28b52ffd200c")
        // An .xz stream whose check is CRC64.
        let xz = try compress(body, .lzma2)
        #expect(hex(Array(xz.prefix(8))) == "fd377a585a000004" && hex(Array(xz.suffix(2))) == "595a")
    }

    @Test(arguments: TsFileCompressor.allCases)
    func roundTrip(_ compressor: TsFileCompressor) throws {
        var generator = SeededGenerator(seed: 11)
        for count in [1, 12, 13, 64, 1_000, 30_000] {
            for alphabet: ClosedRange<UInt8> in [0...255, 0...1] {
                let body = (0..<count).map { _ in UInt8.random(in: alphabet, using: &generator) }
                var stored: [UInt8] = [1, 2]
                try Compression.compress(body.span, compressor, to: &stored)
                #expect(stored.starts(with: [1, 2]))
                #expect(try Compression.decompress(Array(stored[2...]), compressor, byteCount: count) == body)
            }
        }
    }

    /// The densest body that there is does not meet the bound on what few bytes can yield.
    @Test(arguments: TsFileCompressor.allCases)
    func aMebibyteOfZeros(_ compressor: TsFileCompressor) throws {
        let body = [UInt8](repeating: 0, count: 1 << 20)
        let stored = try compress(body, compressor)
        #expect(try Compression.decompress(stored, compressor, byteCount: body.count) == body)
    }

    @Test(arguments: TsFileCompressor.allCases)
    func wrongSizesAndCutBytes(_ compressor: TsFileCompressor) throws {
        let stored = try compress((0..<1_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }, compressor)
        for byteCount in [0, 1, 999, 1_001, 60 << 20] {
            #expect(throws: CodecError.self) { try Compression.decompress(stored, compressor, byteCount: byteCount) }
        }
        for length in 0..<stored.count {
            #expect(throws: CodecError.self) {
                try Compression.decompress(Array(stored[..<length]), compressor, byteCount: 1_000)
            }
        }
        #expect(throws: CodecError.self) { try Compression.decompress(stored + [0], compressor, byteCount: 1_000) }
    }

    /// Flipped bits give an error or other bytes of the same number; GZIP and LZMA2 carry checksums and always notice.
    @Test(arguments: TsFileCompressor.allCases)
    func flippedBits(_ compressor: TsFileCompressor) throws {
        let body: [UInt8] = (0..<200).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
        let stored = try compress(body, compressor)
        for bit in 0..<stored.count * 8 {
            var broken = stored
            broken[bit / 8] ^= 1 << UInt8(bit % 8)
            let result = try? Compression.decompress(broken, compressor, byteCount: 200)
            #expect(result == nil || result?.count == 200)
            if compressor == .lzma2 { #expect(result == nil || result == body) }
        }
    }

    /// Nothing is allocated for a size that the stored bytes cannot have.
    @Test(arguments: TsFileCompressor.allCases.filter { $0 != .uncompressed })
    func fewBytesCannotBeMany(_ compressor: TsFileCompressor) {
        let most = CompressionLibrary.yield(10, compressor)
        let error = #expect(throws: CodecError.self) {
            try Compression.decompress([UInt8](repeating: 0, count: 10), compressor, byteCount: most + 1)
        }
        #expect(error?.message.contains("cannot yield") == true)
    }

    /// An .xz stream whose dictionary would take more than ``CompressionLibrary/lzmaMemoryMax`` is refused.
    @Test func lzmaMemory() throws {
        let body = [UInt8](repeating: 7, count: 100)
        for (dictionary, isRead) in [(UInt32(16) << 20, true), (128 << 20, false)] {
            let stored = try #require(xz(body, dictionary: dictionary))
            if isRead {
                #expect(try Compression.decompress(stored, .lzma2, byteCount: 100) == body)
            } else {
                #expect(throws: CodecError.self) { try Compression.decompress(stored, .lzma2, byteCount: 100) }
            }
        }
    }

    /// An .xz stream whose head asks for this dictionary: the bytes of a small one with another size in its head.
    private func xz(_ body: [UInt8], dictionary: UInt32) -> [UInt8]? {
        var stored: [UInt8] = []
        guard (try? Compression.compress(body.span, .lzma2, to: &stored)) != nil else { return nil }
        // Block header after the 12 bytes of the stream header: size, flags, lengths, filter id, size of its
        // properties, dictionary, padding, CRC32.
        let start = 12
        let size = (Int(stored[start]) + 1) * 4
        let filter = (start..<start + size - 6).first { stored[$0] == 0x21 && stored[$0 + 1] == 1 }
        guard let filter else { return nil }
        // 2^(12 + n/2) for even n.
        stored[filter + 2] = UInt8((31 - dictionary.leadingZeroBitCount - 12) * 2)
        let header = Array(stored[start..<start + size - 4])
        let crc = unsafe header.withUnsafeBufferPointer { unsafe lzma_crc32($0.baseAddress, $0.count, 0) }
        for byte in 0..<4 { stored[start + size - 4 + byte] = UInt8(truncatingIfNeeded: crc >> UInt32(8 * byte)) }
        return stored
    }
}
