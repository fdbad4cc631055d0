// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// DICTIONARY (`tsfile.md` section 10.6): the distinct texts in order of first use, then their numbers in RLE.
enum DictionaryCodec {
    /// Bytes that the values take at most; every value may be a word of its own.
    static func byteCountMax(_ count: Int, textBytes: Int) -> Int {
        VarInt.byteCountMax * (count + 1) + textBytes + RunLength.byteCountMax(count)
    }

    /// Returns the offset after the encoded values.
    static func encode(
        _ slots: Span<UInt64>, text: Span<UInt8>, into out: inout MutableRawSpan, at start: Int
    ) -> Int {
        var words = WordTable(capacity: slots.count)
        var codes = [UInt64](repeating: 0, count: slots.count)
        for index in slots.indices { codes[index] = words.code(of: slots[index], in: text) }
        var position = out.store(uvar: VarInt.zigzag(Int32(words.slots.count)), at: start)
        for slot in words.slots {
            let range = ValueSlot.range(slot)
            position = out.store(uvar: VarInt.zigzag(Int32(range.count)), at: position)
            position = out.store(text.extracting(range), at: position)
        }
        return RunLength.encode(codes.span, into: &out, at: position)
    }

    /// Decodes exactly `count` values that fill `bytes`.
    static func decode(_ type: DataType, _ bytes: Span<UInt8>, count: Int) throws(CodecError) -> ValueColumn {
        var reader = ByteReader(bytes)
        let wordCount = Int(try reader.zvar())
        // Every word takes a byte or more.
        guard wordCount > 0 && wordCount <= reader.remaining else {
            throw CodecError("a dictionary of \(wordCount) words")
        }
        var words: [UInt64] = []
        words.reserveCapacity(wordCount)
        for _ in 0..<wordCount {
            let range = try reader.take(Int(try reader.zvar()))
            words.append(ValueSlot.slot(offset: range.lowerBound, length: range.count))
        }
        var column = ValueColumn(type)
        column.bytes = unsafe bytes.extracting(0..<reader.offset).withUnsafeBufferPointer { unsafe Array($0) }
        let (codes, end) = try RunLength.decode(bytes, from: reader.offset, count: count, wordBits: 32)
        guard end == bytes.count else { throw CodecError("\(bytes.count - end) bytes follow \(count) values") }
        column.bits = codes
        for index in codes.indices {
            guard codes[index] < UInt64(wordCount) else {
                throw CodecError("word \(codes[index]) of a dictionary of \(wordCount)")
            }
            column.bits[index] = words[Int(codes[index])]
        }
        return column
    }
}

/// Gives equal texts equal numbers, from zero, in order of first use.
struct WordTable {
    /// The first slot of each text.
    private(set) var slots: [UInt64] = []
    /// Open addressing: number + 1 of the text, 0 = free. More than twice as many places as texts.
    private var table: [UInt32]

    /// `capacity`: texts at most.
    init(capacity: Int) {
        table = [UInt32](repeating: 0, count: 1 << (Int.bitWidth - (capacity * 2 + 1).leadingZeroBitCount))
    }

    mutating func code(of slot: UInt64, in text: Span<UInt8>) -> UInt64 {
        let word = text.extracting(ValueSlot.range(slot))
        let mask = table.count - 1
        var place = Int(truncatingIfNeeded: Self.hash(word)) & mask
        while table[place] != 0 {
            let code = Int(table[place]) - 1
            if ByteOrder.compare(word, text.extracting(ValueSlot.range(slots[code]))) == 0 { return UInt64(code) }
            place = (place + 1) & mask
        }
        slots.append(slot)
        table[place] = UInt32(slots.count)
        return UInt64(slots.count - 1)
    }

    private static func hash(_ word: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in word.indices { hash = (hash ^ UInt64(word[index])) &* 0x0000_0100_0000_01b3 }
        return hash ^ hash >> 29
    }
}
