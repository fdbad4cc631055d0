// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The payloads of `apus bench`: one JSON text made at the start, in which each message only changes the digits of the
/// device and of the times, so that the load generator costs little beside the server.
struct BenchPayload: Sendable {
    /// Digits of a device's number; more connections share devices.
    static let deviceDigits = 6
    /// Times have 13 digits: milliseconds from 2001 to 2286.
    static let timeDigits = 13

    let rows: Int
    private let template: ByteBuffer
    private let deviceOffset: Int
    private let timeOffsets: [Int]
    private let firstTime: Int64

    /// `firstTime`: milliseconds since 1970 of the first row of every device; each row is one later.
    init(rows: Int, measurements: Int, firstTime: Int64) {
        self.rows = rows
        self.firstTime = firstTime
        var buffer = ByteBuffer()
        buffer.writeString(#"{"device":"root.bench.d"#)
        deviceOffset = buffer.writerIndex
        buffer.writeString(String(repeating: "0", count: Self.deviceDigits) + "\",")
        let isBatch = rows > 1
        buffer.writeString(isBatch ? #""timestamps":["# : #""timestamp":"#)
        var offsets: [Int] = []
        for row in 0..<rows {
            if row > 0 { buffer.writeString(",") }
            offsets.append(buffer.writerIndex)
            buffer.writeString(String(repeating: "1", count: Self.timeDigits))
        }
        timeOffsets = offsets
        let names = (0..<measurements).map { "\"s\($0)\"" }.joined(separator: ",")
        buffer.writeString("\(isBatch ? "]" : ""),\"measurements\":[\(names)],\"values\":")
        let texts = (0..<rows).map { row in
            "[" + (0..<measurements).map { Self.value(row, $0) }.joined(separator: ",") + "]"
        }
        buffer.writeString(isBatch ? "[\(texts.joined(separator: ","))]}" : "\(texts.first ?? "[]")}")
        template = buffer
    }

    /// A value like a sensor's: four digits after the point, no pattern that compresses away.
    private static func value(_ row: Int, _ column: Int) -> String {
        let mixed = (UInt32(truncatingIfNeeded: row &* 97 &+ column) &+ 1) &* 2_654_435_761
        let fraction = String(mixed % 10_000)
        return "\(mixed >> 16 % 90 + 10)." + String(repeating: "0", count: 4 - fraction.count) + fraction
    }

    /// Writes message `index` of connection `connection` into an empty buffer.
    func write(connection: Int, index: Int, into payload: inout ByteBuffer) {
        payload.writeImmutableBuffer(template)
        Self.patch(&payload, at: deviceOffset, digits: Self.deviceDigits, number: UInt64(connection % 1_000_000))
        let time = firstTime + Int64(index) * Int64(rows)
        for (row, offset) in timeOffsets.enumerated() {
            Self.patch(&payload, at: offset, digits: Self.timeDigits, number: UInt64(time + Int64(row)))
        }
    }

    /// Overwrites digits; the last eight in one go.
    private static func patch(_ payload: inout ByteBuffer, at offset: Int, digits: Int, number: UInt64) {
        var rest = number
        var position = digits
        if position >= 8 {
            var word: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                word |= (rest % 10 + 0x30) << shift
                rest /= 10
            }
            position -= 8
            payload.setInteger(word, at: offset + position)
        }
        while position > 0 {
            position -= 1
            payload.setInteger(UInt8(truncatingIfNeeded: rest % 10) + 0x30, at: offset + position)
            rest /= 10
        }
    }
}
