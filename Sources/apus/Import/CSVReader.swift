// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A field of a line.
struct CSVField: Equatable {
    var text: String
    /// In quotes: then an empty text is a text, and not nothing.
    var isQuoted = false
}

/// A record: a line, or more where quotes hold line breaks.
struct CSVRecord: Equatable {
    var fields: [CSVField]
    /// Of its first line, from 1.
    var line: Int
    /// As it is in the file, with its line break.
    var bytes: [UInt8]
    /// What is wrong with its quotes; nil = nothing.
    var problem: String?
}

/// Reads CSV (RFC 4180; lines may end in \n) from a file, record by record, in bounded memory.
struct CSVReader {
    /// Bytes of a record at most.
    static let recordBytesMax = 64 << 20
    private static let blockBytes = 1 << 18

    /// Of the next record in the file.
    private(set) var offset: Int
    private(set) var line: Int
    private let read: (Int) throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// `read` gives the next bytes, at most as many as it is asked for, none at the end; the first of them are at `offset`.
    init(offset: Int = 0, line: Int = 1, read: @escaping (Int) throws -> [UInt8]) {
        self.offset = offset
        self.line = line
        self.read = read
    }

    /// The next record that is not an empty line; nil at the end.
    mutating func next() throws -> CSVRecord? {
        while let record = try nextRecord() {
            if record.fields.count > 1 || record.fields.first.map({ !$0.text.isEmpty || $0.isQuoted }) ?? false {
                return record
            }
        }
        return nil
    }

    private mutating func nextRecord() throws -> CSVRecord? {
        guard let length = try findEnd() else { return nil }
        let bytes = Array(buffer[start..<start + length])
        let (fields, problem) = Self.fields(of: bytes)
        let record = CSVRecord(fields: fields, line: line, bytes: bytes, problem: problem)
        start += length
        offset += length
        line += max(1, bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) })
        return record
    }

    /// Bytes of the next record, its line break included.
    private mutating func findEnd() throws -> Int? {
        var isQuoted = false
        var index = start
        while true {
            while index < buffer.count {
                let byte = buffer[index]
                index += 1
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                if byte == UInt8(ascii: "\n"), !isQuoted { return index - start }
            }
            guard !isAtEnd else { return index > start ? index - start : nil }
            guard index - start <= Self.recordBytesMax else {
                throw FileTrouble(
                    "line \(line): a record of more than \(Self.recordBytesMax) bytes: is a quote missing?")
            }
            buffer.removeFirst(start)
            index -= start
            start = 0
            let more = try read(Self.blockBytes)
            if more.isEmpty { isAtEnd = true }
            buffer += more
        }
    }

    /// The fields of a record with its line break.
    static func fields(of bytes: [UInt8]) -> (fields: [CSVField], problem: String?) {
        var end = bytes.count
        if end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        if end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        var fields: [CSVField] = []
        var problem: String?
        var index = 0
        while true {
            let (field, next, trouble) = Self.field(bytes, from: index, to: end)
            if let trouble, problem == nil { problem = "field \(fields.count + 1): \(trouble)" }
            fields.append(field)
            guard next < end else { break }
            index = next + 1
            if index == end {
                fields.append(CSVField(text: ""))
                break
            }
        }
        return (fields, problem)
    }

    /// A field, and where the comma behind it is.
    private static func field(_ bytes: [UInt8], from start: Int, to end: Int) -> (CSVField, Int, String?) {
        let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ",")
        guard start < end, bytes[start] == quote else {
            let next = bytes[start..<end].firstIndex(of: comma) ?? end
            guard let text = String(validating: bytes[start..<next], as: UTF8.self) else {
                return (CSVField(text: ""), next, "it is not UTF-8")
            }
            return (CSVField(text: text), next, nil)
        }
        var content: [UInt8] = []
        var index = start + 1
        var isClosed = false
        while index < end {
            if bytes[index] == quote {
                guard index + 1 < end, bytes[index + 1] == quote else {
                    isClosed = true
                    index += 1
                    break
                }
                index += 1
            }
            content.append(bytes[index])
            index += 1
        }
        let next = bytes[index..<end].firstIndex(of: comma) ?? end
        guard let text = String(validating: content, as: UTF8.self) else {
            return (CSVField(text: "", isQuoted: true), next, "it is not UTF-8")
        }
        let problem = !isClosed ? "the quotes have no end" : next > index ? "something follows the quotes" : nil
        return (CSVField(text: text, isQuoted: true), next, problem)
    }
}

/// The bytes of a file, front to back.
final class InputFile {
    let byteCount: Int
    private let path: String
    private let descriptor: Int32
    private var offset: Int

    init(_ path: String, at offset: Int = 0) throws(FileTrouble) {
        self.path = path
        self.offset = offset
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileTrouble("open", path, errno: errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileTrouble("look at", path, errno: errno) }
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The next bytes, at most `count`; none at the end.
    func read(_ count: Int) throws(FileTrouble) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while true {
                let got = unsafe pread(descriptor, buffer.baseAddress, count, off_t(offset))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                filled = max(0, got)
                return
            }
        }
        guard failure == 0 else { throw FileTrouble("read", path, errno: failure) }
        offset += bytes.count
        return bytes
    }
}
