// SPDX-License-Identifier: Apache-2.0

/// Names of log segments: `wal/0000000001.wal`, numbers rise.
enum SegmentName {
    static let folder = "wal"
    private static let suffix = ".wal"
    private static let digits = 10

    static func path(_ number: UInt64) -> String {
        let text = String(number)
        return folder + "/" + String(repeating: "0", count: max(0, digits - text.count)) + text + suffix
    }

    /// The number of a file name; nil for any other file.
    static func number(of name: String) -> UInt64? {
        guard name.hasSuffix(suffix) else { return nil }
        let text = name.dropLast(suffix.count)
        guard text.count >= digits, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        // A stray file must not use the numbers up.
        return UInt64(text).flatMap { $0 < 1 << 62 ? $0 : nil }
    }
}
