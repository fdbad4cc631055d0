// SPDX-License-Identifier: Apache-2.0

extension IncomingRows {
    /// Bytes of a device path that a problem shows.
    private static var deviceBytesMax: Int { 256 }

    /// Counts a problem, and keeps it if fewer than `limit` are kept; only then is it made.
    package mutating func report(_ code: ProblemCode, keeping limit: Int, _ make: (borrowing IncomingRows) -> Problem) {
        problemCounts[Int(code.rawValue)] += 1
        // The first one is always kept: it is what the client and the log are told.
        guard problems.count < max(1, limit) else { return }
        let problem = make(self)
        problems.append(problem)
    }

    /// All problems, whether kept or not.
    package var problemCount: Int { problems.isEmpty ? 0 : problemCounts.reduce(0, +) }

    /// The device of a problem: as sent, but a long one is cut, since each of many problems has its own.
    package func shownDevice(_ range: TextRange) -> String {
        guard range.length > Self.deviceBytesMax else { return string(range) }
        var end = Int(range.offset) + Self.deviceBytesMax
        while end > Int(range.offset), text[end] & 0xc0 == 0x80 { end -= 1 }
        return String(decoding: text[Int(range.offset)..<end], as: UTF8.self) + "…"
    }
}

extension ProblemCode {
    /// One more than the highest raw value: the length of a table by code.
    package static var slotCount: Int { 21 }
}
