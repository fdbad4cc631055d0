// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// Broken files throw a ``TsFileError``; they never trap, never go on for ever, never make the reader believe a number.
@Suite struct RobustnessTests {
    /// Two devices, several types, many pages and chunks, two compressors, in few bytes.
    private static func small() throws -> [UInt8] {
        var options = TsFileWriterOptions()
        options.pageRowsMax = 3
        options.chunkPointsMax = 6
        var generator = SeededGenerator(seed: 12)
        var writer = TsFileWriter(sink: MemoryFile(), options: options)
        for name in ["d1", "温度"] {
            try writer.beginDevice(TsFileDeviceID(path: ["root", "sg", name]))
            for (series, type, count) in [
                ("a", DataType.int32, 7), ("b", .double, 2), ("c", .string, 4), ("d", .text, 1), ("e", .boolean, 3),
            ] {
                try writer.writeChunk(
                    measurement: series, type: type, encoding: type.defaultTsFileEncoding,
                    compressor: name == "d1" ? .lz4 : .uncompressed,
                    points: randomPoints(type, count: count, &generator))
            }
        }
        _ = try writer.finish()
        return writer.sink.bytes
    }

    /// Reads all that a file holds in every way that the reader has; returns the points.
    private func explore(_ bytes: [UInt8]) throws -> Int {
        let reader = try TsFileReader(source: WatchedFile(bytes, budget: bytes.count * 100))
        var count = 0
        var devices = reader.devices()
        while let device = try devices.next() {
            var measurements = try reader.measurements(of: device)
            while let series = try measurements.next() {
                _ = try reader.seriesMetadata(device: device, measurement: series.measurement)
                var cursor = reader.points(of: series, in: .all, order: count % 2 == 0 ? .ascending : .descending)
                while let page = try cursor.next() {
                    #expect(page.times.count == page.values.count && !page.isEmpty)
                    // Every slot of a text refers to bytes that are there.
                    if page.values.type.isVariableLength { _ = patterns(page.values) }
                    count += page.count
                }
            }
        }
        return count
    }

    /// Whether exploring gives points or a ``TsFileError`` that is the file's fault.
    private func survives(_ bytes: [UInt8], _ what: @autoclosure () -> String) {
        do {
            _ = try explore(bytes)
        } catch let error as TsFileError {
            #expect(error.code != .misuse && error.code != .readFailed, "\(what()): \(error)")
        } catch {
            Issue.record("\(what()): \(error)")
        }
    }

    @Test func theWholeFileIsSound() throws {
        #expect(try explore(try Self.small()) == 34)
    }

    @Test func everyTruncation() throws {
        let bytes = try Self.small()
        for length in 0..<bytes.count {
            #expect(throws: TsFileError.self) { try explore(Array(bytes[..<length])) }
        }
    }

    @Test func everyByteChanged() throws {
        let bytes = try Self.small()
        for offset in bytes.indices {
            for change in [UInt8(1) << UInt8(offset & 7), 0xff] {
                var broken = bytes
                broken[offset] ^= change
                survives(broken, "byte \(offset) xor \(change)")
            }
        }
    }

    /// The greatest var-int, 32-bit and 64-bit number in every place.
    @Test(arguments: ["ffffffff0f", "7fffffff", "7fffffffffffffff", "8000000000000000"])
    func hugeNumbersEverywhere(pattern: String) throws {
        let bytes = try Self.small()
        let number = unhex(pattern)
        for offset in 0...bytes.count - number.count {
            var broken = bytes
            broken.replaceSubrange(offset..<offset + number.count, with: number)
            survives(broken, "\(pattern) at \(offset)")
        }
    }

    /// Several changes at once, most of them in the index, which points to everything else.
    @Test func randomChanges() throws {
        let bytes = try Self.small()
        let indexStart = try TsFileReader(source: MemoryFile(bytes: bytes)).metadata.metaOffset
        var generator = SeededGenerator(seed: 77)
        for round in 0..<1_000 {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let start = round % 4 == 0 ? 7 : indexStart
                let offset = Int.random(in: start..<bytes.count - 6, using: &generator)
                let other = Int.random(in: start..<bytes.count - 6, using: &generator)
                broken[offset] = round % 2 == 0 ? bytes[other] : UInt8.random(in: 0...255, using: &generator)
            }
            survives(broken, "round \(round)")
        }
    }

    @Test func garbageBetweenTheMagics() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            var bytes = TsFileFormat.magic + [TsFileFormat.version]
            let count = Int.random(in: 4...200, using: &generator)
            bytes += (0..<count).map { _ in UInt8.random(in: 0...15, using: &generator) }
            bytes += [0, 0, 0, UInt8(Int.random(in: 0...count, using: &generator))] + TsFileFormat.magic
            survives(bytes, hex(bytes))
        }
    }
}
