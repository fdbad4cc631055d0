// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// What the writer refuses of aligned devices.
@Suite struct AlignedMisuseTests {
    private let device = TsFileDeviceID(path: ["root", "sg", "d1"])

    private func integers(_ name: String, _ count: Int, presence: [UInt64] = []) -> AlignedColumn {
        AlignedColumn(
            measurement: name, type: .int32, encoding: .ts2diff, compressor: .lz4,
            values: column(.int32, (0..<count).map { .int32(Int32($0)) }), presence: presence)
    }

    private func error(
        aligned: Bool = true, _ body: (inout TsFileWriter<MemoryFile>) throws -> Void
    ) -> TsFileError.Code? {
        var writer = TsFileWriter(sink: MemoryFile())
        do {
            try writer.beginDevice(device, isAligned: aligned)
            try body(&writer)
        } catch {
            #expect(throws: TsFileError.self) { try writer.finish() }
            return (error as? TsFileError)?.code
        }
        return nil
    }

    @Test func kindsOfDevices() {
        let one = points(.int32, [(1, .int32(1))])
        func write(_ writer: inout TsFileWriter<MemoryFile>) throws {
            try writer.writeChunk(
                measurement: "s", type: .int32, encoding: .ts2diff, compressor: .lz4, points: one)
        }
        #expect(error { try write(&$0) } == .misuse)
        #expect(error(aligned: false) { try $0.writeAlignedChunk(times: [1], columns: [integers("s", 1)]) } == .misuse)
        #expect(error { try $0.beginDevice(device) } == .misuse)
        #expect(error { try $0.beginDevice(device, isAligned: true) } == nil)
        #expect(error { try $0.writeAlignedChunk(times: [], columns: [integers("s", 0)]) } == nil)
    }

    @Test func columnsAreTheSameInEveryCall() {
        for (name, second) in [
            ("a column less", [integers("a", 1)]), ("one more", ["a", "b", "c"].map { integers($0, 1) }),
            ("another", ["a", "c"].map { integers($0, 1) }),
        ] {
            let code = error {
                try $0.writeAlignedChunk(times: [1], columns: [integers("a", 1), integers("b", 1)])
                try $0.writeAlignedChunk(times: [2], columns: second)
            }
            #expect(code == .misuse, "\(name)")
        }
        var other = integers("a", 1)
        other.encoding = .plain
        #expect(
            error {
                try $0.writeAlignedChunk(times: [1], columns: [integers("a", 1)])
                try $0.writeAlignedChunk(times: [2], columns: [other])
            } == .misuse)
    }

    @Test func timesRiseOverAllCalls() {
        for times in [[1, 1], [2, 1]] as [[Int64]] {
            #expect(error { try $0.writeAlignedChunk(times: times, columns: [integers("a", 2)]) } == .misuse)
        }
        // The column of the first call has no value at its last time: the time column counts.
        #expect(
            error {
                try $0.writeAlignedChunk(times: [1, 5], columns: [integers("a", 1, presence: [1])])
                try $0.writeAlignedChunk(times: [5], columns: [integers("a", 1)])
            } == .misuse)
    }

    @Test func columnsThatContradictThemselves() {
        let cases: [(String, [AlignedColumn])] = [
            ("no column", []), ("no name", [integers("", 2)]), ("twice", [integers("a", 2), integers("a", 2)]),
            ("order", [integers("b", 2), integers("a", 2)]), ("too few values", [integers("a", 1)]),
            ("too many values", [integers("a", 2, presence: [1])]),
            ("bits beyond the rows", [integers("a", 2, presence: [0b101])]),
            ("too many words", [integers("a", 2, presence: [3, 0])]),
        ]
        for (name, columns) in cases {
            #expect(error { try $0.writeAlignedChunk(times: [1, 2], columns: columns) } == .misuse, "\(name)")
        }
        var type = integers("a", 2)
        type.type = .int64
        #expect(error { try $0.writeAlignedChunk(times: [1, 2], columns: [type]) } == .misuse)
        var encoding = integers("a", 2)
        encoding.encoding = .sprintz
        #expect(error { try $0.writeAlignedChunk(times: [1, 2], columns: [encoding]) } == .unsupported)
    }
}
