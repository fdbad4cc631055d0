// SPDX-License-Identifier: Apache-2.0

package import StorageTestSupport

/// Damages bytes in ways that a seed decides: what disks, transfers and enemies do.
package struct Mutator {
    package var random: SeededGenerator

    package init(seed: UInt64, round: UInt64) {
        random = SeededGenerator(seed: seed &* 0x1_0000_0001 &+ round)
    }

    private static let numbers: [[UInt8]] = [
        [0xff, 0xff, 0xff, 0xff, 0x0f], [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0x80, 0, 0, 0],
        [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0],
    ]

    /// The bytes with one to a few changes; most of them where `focus` is, if given.
    package mutating func mutate(_ bytes: [UInt8], focus: Range<Int>? = nil) -> [UInt8] {
        var result = bytes
        for _ in 0..<1 + random.below(4) {
            guard !result.isEmpty else { return [UInt8(random.below(256))] }
            change(&result, at: place(in: result.count, focus))
        }
        return result
    }

    private mutating func place(in count: Int, _ focus: Range<Int>?) -> Int {
        guard let focus = focus?.clamped(to: 0..<count), !focus.isEmpty, random.chance(60) else {
            return random.below(count)
        }
        return focus.lowerBound + random.below(focus.count)
    }

    private mutating func change(_ bytes: inout [UInt8], at offset: Int) {
        switch random.below(12) {
        case 0..<3: bytes[offset] ^= 1 << UInt8(random.below(8))
        case 3..<5: bytes[offset] = UInt8(random.below(256))
        case 5: bytes[offset] = bytes[random.below(bytes.count)]
        case 6..<8: overwrite(&bytes, Self.numbers[random.below(Self.numbers.count)], at: offset)
        case 8: bytes.removeSubrange(offset..<min(bytes.count, offset + 1 + random.below(16)))
        case 9: bytes.insert(contentsOf: (0..<1 + random.below(16)).map { _ in UInt8(random.below(256)) }, at: offset)
        case 10:
            let from = random.below(bytes.count)
            overwrite(&bytes, Array(bytes[from..<min(bytes.count, from + 1 + random.below(64))]), at: offset)
        default:
            if random.chance(50) {
                bytes.removeSubrange(offset...)
            } else {
                bytes.append(contentsOf: bytes[offset..<min(bytes.count, offset + 100)])
            }
        }
    }

    private func overwrite(_ bytes: inout [UInt8], _ with: [UInt8], at offset: Int) {
        let count = min(with.count, bytes.count - offset)
        bytes.replaceSubrange(offset..<offset + count, with: with[..<count])
    }
}
