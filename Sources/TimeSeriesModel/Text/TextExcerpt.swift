// SPDX-License-Identifier: Apache-2.0

/// A short piece of foreign text that is safe in a message or a log line.
package enum TextExcerpt {
    /// Longer texts are cut here and end in `…`.
    package static let bytesMax = 64

    /// The text, control characters shown as `?`, invalid UTF-8 as replacement characters, at most ``bytesMax`` bytes of it.
    package static func make(_ text: Span<UInt8>) -> String {
        var end = min(text.count, bytesMax)
        // Not in the middle of a character.
        while end < text.count, end > 0, text[end] & 0xc0 == 0x80 { end -= 1 }
        var bytes: [UInt8] = []
        for index in 0..<end {
            let byte = text[index]
            bytes.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: "?") : byte)
        }
        let shown = String(decoding: bytes, as: UTF8.self)
        return end < text.count ? shown + "…" : shown
    }
}
