// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import apus

@Suite struct CSVReaderTests {
    /// Reads a text a few bytes at a time.
    private func records(_ text: String, blockBytes: Int = 3) throws -> [CSVRecord] {
        var rest = Array(text.utf8)[...]
        var reader = CSVReader { _ in
            defer { rest = rest.dropFirst(blockBytes) }
            return Array(rest.prefix(blockBytes))
        }
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test func fieldsQuotesAndLinesAreRead() throws {
        let read = try records("Time,a\r\n1,\"x, \"\"y\"\"\"\n\n2,\"two\nlines\"\n3,\n4,\"\"")
        #expect(read.map(\.line) == [1, 2, 4, 6, 7])
        #expect(read[0].fields.map(\.text) == ["Time", "a"])
        #expect(read[1].fields == [CSVField(text: "1"), CSVField(text: "x, \"y\"", isQuoted: true)])
        #expect(read[2].fields[1].text == "two\nlines")
        #expect(read[3].fields == [CSVField(text: "3"), CSVField(text: "")])
        #expect(read[4].fields[1] == CSVField(text: "", isQuoted: true))
        #expect(read.allSatisfy { $0.problem == nil })
        #expect(read.flatMap(\.bytes).count == "Time,a\r\n1,\"x, \"\"y\"\"\"\n2,\"two\nlines\"\n3,\n4,\"\"".utf8.count)
    }

    @Test func theBlocksDoNotMatter() throws {
        let text = "Time,a,b\n1,\"q\",3\n2,ä,\n"
        let whole = try records(text, blockBytes: 1_000)
        for size in 1..<8 { #expect(try records(text, blockBytes: size) == whole) }
    }

    @Test func wrongQuotesAndBytesAreTold() throws {
        #expect(try records("1,\"a\"b,2\n")[0].problem == "field 2: something follows the quotes")
        #expect(try records("1,\"a\n2,3\n").count == 1)
        #expect(try records("1,\"a\n2,3\n")[0].problem == "field 2: the quotes have no end")
        #expect(CSVReader.fields(of: [0x31, 0x2c, 0xff, 0x0a]).problem == "field 2: it is not UTF-8")
    }
}
