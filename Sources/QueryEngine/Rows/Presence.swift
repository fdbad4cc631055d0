// SPDX-License-Identifier: Apache-2.0

/// Which rows of a column have a value: a bit a row.
struct Presence: Equatable, Sendable {
    private(set) var words: [UInt64] = []
    private(set) var count = 0

    init() {}

    /// `count` rows, all with a value or all without.
    init(repeating isPresent: Bool, count: Int) {
        words = [UInt64](repeating: isPresent ? .max : 0, count: (count + 63) / 64)
        self.count = count
        clearTail()
    }

    subscript(row: Int) -> Bool { words[row >> 6] >> UInt64(row & 63) & 1 == 1 }

    mutating func append(_ isPresent: Bool) {
        if count & 63 == 0 { words.append(0) }
        if isPresent { words[count >> 6] |= 1 << UInt64(count & 63) }
        count += 1
    }

    /// Appends `more` rows that have a value.
    mutating func appendPresent(_ more: Int) {
        if count & 63 != 0 { words[words.count - 1] |= UInt64.max << UInt64(count & 63) }
        count += more
        while words.count < (count + 63) / 64 { words.append(.max) }
        clearTail()
    }

    mutating func set(_ row: Int) { words[row >> 6] |= 1 << UInt64(row & 63) }

    var presentCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
    var isFull: Bool { presentCount == count }
    var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// Rows that both have.
    func intersection(_ other: Presence) -> Presence {
        var result = self
        for index in result.words.indices { result.words[index] &= other.words[index] }
        return result
    }

    mutating func formUnion(_ other: Presence) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// The rows without a value.
    var inverted: Presence {
        var result = self
        for index in result.words.indices { result.words[index] = ~result.words[index] }
        result.clearTail()
        return result
    }

    /// The rows of `kept`, in order.
    func compacted(_ kept: [Int]) -> Presence {
        var result = Presence()
        for row in kept { result.append(self[row]) }
        return result
    }

    /// The first `count` rows.
    mutating func truncate(to count: Int) {
        self.count = count
        words.removeLast(words.count - (count + 63) / 64)
        clearTail()
    }

    private mutating func clearTail() {
        if count & 63 != 0 { words[words.count - 1] &= (1 << UInt64(count & 63)) - 1 }
    }
}
