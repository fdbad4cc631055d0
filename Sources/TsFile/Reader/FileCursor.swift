// SPDX-License-Identifier: Apache-2.0

/// Reads a range of a file front to back through a small window: no length of the file is believed before the bytes are
/// known to be there, and what is skipped is not read.
struct FileCursor {
    private let source: any TsFileSource
    let limits: TsFileLimits
    /// Of the format, which decides how a device is written.
    let version: UInt8
    /// Offset in the file.
    private(set) var position: Int
    /// Where the range ends.
    private(set) var end: Int
    private var window: [UInt8] = []
    private var windowStart = 0
    private let windowBytes: Int

    /// The range must lie in the file; it is checked here, because offsets come from the file.
    init(
        _ source: any TsFileSource, from start: Int, to end: Int, limits: TsFileLimits,
        version: UInt8 = TsFileFormat.version,
        windowBytes: Int = 4096
    ) throws(TsFileError) {
        guard start >= 0 && start <= end && end <= source.byteCount else {
            throw TsFileError.corrupt("a part up to \(end) in a file of \(source.byteCount) bytes", at: start)
        }
        self.source = source
        self.limits = limits
        self.version = version
        position = start
        self.end = end
        self.windowBytes = windowBytes
    }

    var remaining: Int { end - position }

    /// Makes the next `count` bytes available in the window.
    private mutating func require(_ count: Int, readAhead: Int) throws(TsFileError) {
        guard count <= remaining else {
            throw TsFileError.corrupt("\(count) bytes expected, only \(remaining) left", at: position)
        }
        if position >= windowStart && position + count <= windowStart + window.count { return }
        window = try Self.read(source, at: position, count: max(count, min(readAhead, remaining)))
        windowStart = position
    }

    /// Ends the range after the next `count` bytes, which the caller has checked to be there.
    mutating func limit(to count: Int) {
        end = min(end, position + count)
    }

    /// Reads the whole range into the window, as far as it is not there, and returns bytes that begin at ``position``; the
    /// cursor stays where it is.
    mutating func readAll() throws(TsFileError) -> ArraySlice<UInt8> {
        try require(remaining, readAhead: 0)
        return window[(position - windowStart)...].prefix(remaining)
    }

    static func read(_ source: any TsFileSource, at offset: Int, count: Int) throws(TsFileError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try source.read(at: offset, count: count)
        } catch {
            throw TsFileError(.readFailed, "cannot read \(count) bytes at offset \(offset)", underlying: error)
        }
        guard bytes.count == count else {
            throw TsFileError(.readFailed, "read \(bytes.count) bytes at offset \(offset) instead of \(count)")
        }
        return bytes
    }

    mutating func uint8() throws(TsFileError) -> UInt8 {
        try require(1, readAhead: windowBytes)
        position += 1
        return window[position - 1 - windowStart]
    }

    mutating func int32() throws(TsFileError) -> Int32 {
        Int32(truncatingIfNeeded: try bigEndian(4))
    }

    mutating func int64() throws(TsFileError) -> Int64 {
        Int64(bitPattern: try bigEndian(8))
    }

    private mutating func bigEndian(_ count: Int) throws(TsFileError) -> UInt64 {
        try require(count, readAhead: windowBytes)
        var value: UInt64 = 0
        for index in position - windowStart..<position - windowStart + count {
            value = value << 8 | UInt64(window[index])
        }
        position += count
        return value
    }

    mutating func uvar() throws(TsFileError) -> UInt32 {
        var result: UInt32 = 0
        for shift in stride(from: UInt32(0), through: 28, by: 7) {
            let byte = try uint8()
            if shift == 28 && byte > 0x0f { break }
            result |= UInt32(byte & 0x7f) << shift
            if byte < 0x80 { return result }
        }
        throw TsFileError.corrupt("a var-int of more than 32 bits ends", at: position)
    }

    mutating func zvar() throws(TsFileError) -> Int32 { VarInt.unzigzag(try uvar()) }

    /// The next bytes; the caller has checked `count` against a limit.
    mutating func bytes(_ count: Int) throws(TsFileError) -> [UInt8] {
        guard count >= 0 else { throw TsFileError.corrupt("a length of \(count)", at: position) }
        try require(count, readAhead: windowBytes)
        let start = position - windowStart
        position += count
        return count == 0 ? [] : Array(window[start..<start + count])
    }

    mutating func skip(_ count: Int) throws(TsFileError) {
        guard count >= 0 && count <= remaining else {
            throw TsFileError.corrupt("a length of \(count), only \(remaining) bytes are left", at: position)
        }
        position += count
    }

    /// A vstr; nil is the null string.
    mutating func vstring() throws(TsFileError) -> String? { try string(length: Int(try zvar())) }

    /// An istr; nil is the null string.
    mutating func istring() throws(TsFileError) -> String? { try string(length: Int(try int32())) }

    private mutating func string(length: Int) throws(TsFileError) -> String? {
        if length == -1 { return nil }
        let offset = position
        guard length <= limits.nameBytesMax else {
            throw TsFileError.limit("a name at offset \(offset)", length, "nameBytesMax", limits.nameBytesMax)
        }
        guard let text = String(validating: try bytes(length), as: UTF8.self) else {
            throw TsFileError.corrupt("a name that is not UTF-8", at: offset)
        }
        return text
    }

    /// A vstr that must not be null.
    mutating func name() throws(TsFileError) -> String {
        let offset = position
        guard let name = try vstring() else { throw TsFileError.corrupt("a null name", at: offset) }
        return name
    }

    mutating func deviceID() throws(TsFileError) -> TsFileDeviceID {
        let offset = position
        guard version != TsFileFormat.oldVersion else { return TsFileDeviceID(pathText: try name()) }
        let count = Int(try uvar())
        // Every segment takes a byte or more.
        guard count > 0 && count <= remaining else {
            throw TsFileError.corrupt("a device of \(count) segments", at: offset)
        }
        var segments: [String?] = []
        for _ in 0..<count { segments.append(try vstring()) }
        return TsFileDeviceID(segments: segments)
    }
}
