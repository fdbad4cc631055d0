// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import TimeSeriesModel

@testable import TsFile

/// Mutated files of every type, encoding and compressor, aligned or not: whatever comes out, it is points or a ``TsFileError``.
///
/// `APUS_FUZZ_ROUNDS` = files a compressor.
@Suite struct FuzzTests {
    private static let rounds = unsafe getenv("APUS_FUZZ_ROUNDS").flatMap { unsafe Int(String(cString: $0)) } ?? 40

    @Test(arguments: TsFileCompressor.allCases)
    func mutations(compressor: TsFileCompressor) throws {
        let bytes = try VerifyTests.everything(compressor).bytes
        let metaOffset = try TsFileReader(source: MemoryFile(bytes: bytes)).metadata.metaOffset
        var generator = SeededGenerator(seed: UInt64(compressor.rawValue) + 500)
        for round in 0..<Self.rounds {
            let broken = Self.mutate(bytes, round: round, metaOffset: metaOffset, &generator)
            do {
                try Self.explore(broken)
            } catch let error as TsFileError {
                #expect(error.code != .misuse && error.code != .readFailed, "round \(round): \(error)")
            }
        }
    }

    /// Some changed bytes, most in the data area, and now and then a cut or doubled part.
    private static func mutate(
        _ bytes: [UInt8], round: Int, metaOffset: Int, _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var broken = bytes
        let area = round % 3 == 0 ? metaOffset..<bytes.count - 6 : 7..<metaOffset
        for _ in 0..<Int.random(in: 1...30, using: &generator) {
            let offset = Int.random(in: area, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: broken[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: broken[offset] = [0, 0x7f, 0x80, 0xff].randomElement(using: &generator) ?? 0
            case 2: broken[offset] = bytes[Int.random(in: area, using: &generator)]
            default: broken[offset] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        if round % 20 == 19 {
            let start = Int.random(in: area, using: &generator)
            broken.removeSubrange(start..<min(start + 9, area.upperBound))
        }
        return broken
    }

    /// Reads all that a file holds, each series by itself, so that one error does not hide the others.
    private static func explore(_ bytes: [UInt8]) throws {
        let reader = try TsFileReader(source: WatchedFile(bytes, budget: bytes.count * 400))
        var devices = reader.devices()
        while let device = try devices.next() {
            var series = try reader.measurements(of: device)
            while let next = try series.next() {
                do {
                    try explore(next, reader)
                } catch {
                    if (error as? TsFileError)?.code == .readFailed { throw error }
                }
            }
        }
    }

    private static func explore(_ series: TsFileSeriesMetadata, _ reader: TsFileReader) throws {
        var cursor = reader.points(of: series, in: .all, order: .ascending)
        _ = try cursor.peekSummary()
        while let page = try cursor.next() {
            #expect(page.times.count == page.values.count && !page.isEmpty)
            if page.values.type.isVariableLength { _ = patterns(page.values) }
        }
        _ = try reader.verify(series)
    }
}
