// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

// The record of `docs/format/dead-letters.md`: little-endian, texts with a 2-byte length.
extension DeadLetter {
    private static let version: UInt8 = 1

    /// The bytes that go into the log and the catalog.
    package func encoded() -> [UInt8] {
        var out = LittleEndianWriter()
        out.put(Self.version)
        out.put(UInt64(bitPattern: time))
        out.put(text: Array(clientID.utf8))
        out.put(text: Array(user.utf8))
        out.put(text: topic)
        out.put(qualityOfService)
        out.put(isRetained ? UInt8(1) : 0)
        out.put(text: Array(formatter.utf8))
        out.put(UInt16(problems.count))
        for problem in problems {
            out.put(problem.code.rawValue)
            out.put(problem.extent.rawValue)
            out.put(UInt32(bitPattern: Int32(clamping: problem.element)))
            out.put(UInt32(bitPattern: Int32(clamping: problem.row)))
            out.put(UInt32(bitPattern: Int32(clamping: problem.offset)))
            out.put(text: Array(problem.device.utf8))
            out.put(text: Array(problem.message.utf8))
        }
        out.put(UInt32(clamping: payloadLength))
        out.put(UInt32(payload.count))
        out.bytes.append(contentsOf: payload)
        return out.bytes
    }

    /// Reads what ``encoded()`` wrote; nil for anything else.
    package init?(decoding bytes: Span<UInt8>) {
        var input = LittleEndianReader(bytes)
        guard input.byte() == Self.version, let time = input.integer64(), let client = input.text(),
            let user = input.text(), let topic = input.text(), let qos = input.byte(), let flags = input.byte(),
            let formatter = input.text(), let count = input.integer16()
        else { return nil }
        var problems: [Problem] = []
        for _ in 0..<count {
            guard let problem = Self.problem(from: &input) else { return nil }
            problems.append(problem)
        }
        guard let length = input.integer32(), let kept = input.integer32(), let payload = input.bytes(Int(kept)),
            input.isAtEnd
        else { return nil }
        self.init(
            time: Int64(bitPattern: time), clientID: String(decoding: client, as: UTF8.self),
            user: String(decoding: user, as: UTF8.self), topic: topic, qualityOfService: qos,
            isRetained: flags & 1 == 1, formatter: String(decoding: formatter, as: UTF8.self), problems: problems,
            payload: payload.span)
        payloadLength = Int(length)
    }

    private static func problem(from input: inout LittleEndianReader) -> Problem? {
        guard let code = input.byte().flatMap(ProblemCode.init(rawValue:)),
            let extent = input.byte().flatMap(Problem.Extent.init(rawValue:)), let element = input.integer32(),
            let row = input.integer32(), let offset = input.integer32(), let device = input.text(),
            let message = input.text()
        else { return nil }
        return Problem(
            code, extent, element: Int(Int32(bitPattern: element)), row: Int(Int32(bitPattern: row)),
            device: String(decoding: device, as: UTF8.self), offset: Int(Int32(bitPattern: offset)),
            String(decoding: message, as: UTF8.self))
    }
}

/// Appends little-endian fields to an array.
private struct LittleEndianWriter {
    var bytes: [UInt8] = []

    mutating func put(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// A text of at most 65,535 bytes; longer ones are cut, as they are only for people.
    mutating func put(text: [UInt8]) {
        let kept = text.prefix(Int(UInt16.max))
        put(UInt16(kept.count))
        bytes.append(contentsOf: kept)
    }
}

/// Reads little-endian fields; every read answers nil past the end.
private struct LittleEndianReader: ~Escapable {
    private let input: Span<UInt8>
    private var offset = 0

    @_lifetime(copy input)
    init(_ input: Span<UInt8>) { self.input = input }

    var isAtEnd: Bool { offset == input.count }

    @_lifetime(self: copy self)
    mutating func byte() -> UInt8? { unsigned(1).map { UInt8(truncatingIfNeeded: $0) } }
    @_lifetime(self: copy self)
    mutating func integer16() -> UInt16? { unsigned(2).map { UInt16(truncatingIfNeeded: $0) } }
    @_lifetime(self: copy self)
    mutating func integer32() -> UInt32? { unsigned(4).map { UInt32(truncatingIfNeeded: $0) } }
    @_lifetime(self: copy self)
    mutating func integer64() -> UInt64? { unsigned(8) }

    @_lifetime(self: copy self)
    mutating func text() -> [UInt8]? {
        guard let count = integer16() else { return nil }
        return bytes(Int(count))
    }

    @_lifetime(self: copy self)
    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count <= input.count - offset else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for index in offset..<offset + count { result.append(input[index]) }
        offset += count
        return result
    }

    @_lifetime(self: copy self)
    private mutating func unsigned(_ width: Int) -> UInt64? {
        guard width <= input.count - offset else { return nil }
        var value: UInt64 = 0
        for index in 0..<width { value |= UInt64(input[offset + index]) << UInt64(8 * index) }
        offset += width
        return value
    }
}
