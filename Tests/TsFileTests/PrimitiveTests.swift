// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TsFile

@Suite struct PrimitiveTests {
    @Test(arguments: [
        (UInt32(0), "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (2_147_483_647, "ffffffff07"),
        (.max, "ffffffff0f"),
    ])
    func uvar(value: UInt32, encoded: String) throws {
        var bytes: [UInt8] = []
        bytes.appendUVar(value)
        #expect(hex(bytes) == encoded)
        var reader = ByteReader(bytes.span)
        #expect(try reader.uvar() == value)
        #expect(reader.remaining == 0)
        var cursor = try cursor(bytes)
        #expect(try cursor.uvar() == value)
        #expect(cursor.remaining == 0)
        var storage = [UInt8](repeating: 0, count: 5)
        var span = storage.mutableSpan
        var raw = unsafe span.mutableBytes
        #expect(raw.store(uvar: value, at: 0) == bytes.count)
        #expect(storage.starts(with: bytes))
    }

    @Test(arguments: [
        (Int32(3), "06"), (-1, "01"), (64, "8001"), (1000, "d00f"), (.min, "ffffffff0f"), (.max, "feffffff0f"),
        (0, "00"),
    ])
    func zvar(value: Int32, encoded: String) throws {
        var bytes: [UInt8] = []
        bytes.appendZVar(value)
        #expect(hex(bytes) == encoded)
        var cursor = try cursor(bytes)
        #expect(try cursor.zvar() == value)
    }

    @Test(arguments: [("d1", "046431"), ("é", "04c3a9"), ("", "00"), (nil, "01")] as [(String?, String)])
    func vstring(text: String?, encoded: String) throws {
        var bytes: [UInt8] = []
        bytes.appendVString(text)
        #expect(hex(bytes) == encoded)
        var cursor = try cursor(bytes)
        #expect(try cursor.vstring() == text)
    }

    @Test(arguments: ["8080808010", "ffffffff1f", "808080808001", "80", ""])
    func brokenUVar(encoded: String) throws {
        let bytes = unhex(encoded)
        #expect(throws: CodecError.self) {
            var reader = ByteReader(bytes.span)
            _ = try reader.uvar()
        }
        #expect(throws: TsFileError.self) {
            var cursor = try cursor(bytes)
            _ = try cursor.uvar()
        }
    }

    /// Fields of every width, at every bit position, come back; the last ones are read from the tail without slack.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func bits(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let fields = (0..<2_000).map { _ in
            let width = Int.random(in: 0...64, using: &generator)
            let value = generator.next()
            return (width: width, value: width == 0 ? 0 : value >> UInt64(64 - width))
        }
        var storage = [UInt8](repeating: 0xee, count: 2_001 * 8)
        var span = storage.mutableSpan
        var raw = unsafe span.mutableBytes
        var writer = BitWriter(at: 3)
        for field in fields { writer.put(field.value, field.width, into: &raw) }
        let end = writer.finish(into: &raw)
        #expect(end == 3 + (fields.reduce(0) { $0 + $1.width } + 7) / 8)

        let bytes = Array(storage[..<end])
        var reader = BitReader(bytes.span, from: 3)
        for field in fields {
            let value = reader.read(field.width)
            #expect(value == field.value)
        }
        let isOverrunAtEnd = reader.isOverrun
        let beyond = reader.read(8)
        let isOverrun = reader.isOverrun
        #expect(!isOverrunAtEnd && beyond == 0 && isOverrun)
    }

    @Test func cursorReadsThroughASmallWindow() throws {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
        var cursor = try FileCursor(
            MemoryFile(bytes: bytes), from: 10, to: 990, limits: TsFileLimits(), windowBytes: 16)
        #expect(try cursor.int64() == 0x0a0b_0c0d_0e0f_1011)
        try cursor.skip(100)
        #expect(try cursor.uint8() == 118)
        #expect(try cursor.int32() == 0x7778_797a)
        #expect(try cursor.bytes(300) == Array(bytes[123..<423]))
        try cursor.skip(990 - 423)
        #expect(cursor.remaining == 0)
        #expect(throws: TsFileError.self) { try cursor.uint8() }
        #expect(throws: TsFileError.self) { try cursor.skip(1) }
        #expect(throws: TsFileError.self) { try cursor.skip(-1) }
    }

    @Test func namesHaveALimit() throws {
        var limits = TsFileLimits()
        limits.nameBytesMax = 3
        for (name, isTaken) in [("abc", true), ("abcd", false)] {
            var bytes: [UInt8] = []
            bytes.appendVString(name)
            var cursor = try FileCursor(MemoryFile(bytes: bytes), from: 0, to: bytes.count, limits: limits)
            let result = Result { try cursor.name() }
            #expect((try? result.get()) == (isTaken ? name : nil))
        }
    }

    private func cursor(_ bytes: [UInt8]) throws -> FileCursor {
        try FileCursor(MemoryFile(bytes: bytes), from: 0, to: bytes.count, limits: TsFileLimits())
    }
}
