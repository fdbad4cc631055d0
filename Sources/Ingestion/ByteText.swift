// SPDX-License-Identifier: Apache-2.0

/// Whether the text reads `null` or `NULL`: no value, for text series too (`mqtt-payloads.md` section 3.3).
func isNullText(_ text: Span<UInt8>) -> Bool {
    equals(text, "null") || equals(text, "NULL")
}

/// The truth value of `true`, `false` in any case, `1` and `0`; nil for any other text.
func booleanText(_ text: Span<UInt8>) -> Bool? {
    if equalsIgnoringCase(text, "true") || equals(text, "1") { return true }
    if equalsIgnoringCase(text, "false") || equals(text, "0") { return false }
    return nil
}

/// Byte equality with an ASCII literal.
func equals(_ text: Span<UInt8>, _ literal: StaticString) -> Bool {
    matches(text, literal) { $0 }
}

/// Equality with a lower-case ASCII literal, whatever the case of the text.
func equalsIgnoringCase(_ text: Span<UInt8>, _ literal: StaticString) -> Bool {
    matches(text, literal) { byte in byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }
}

private func matches(_ text: Span<UInt8>, _ literal: StaticString, _ fold: (UInt8) -> UInt8) -> Bool {
    guard text.count == literal.utf8CodeUnitCount else { return false }
    let start = unsafe literal.utf8Start
    for index in text.indices where unsafe fold(text[index]) != start[index] { return false }
    return true
}

/// The text without one pair of enclosing `'…'` or `"…"`, as IoTDB accepts around dates and blobs.
@_lifetime(copy text)
func unquoted(_ text: Span<UInt8>) -> Span<UInt8> {
    guard text.count >= 2 else { return text }
    let first = text[0], last = text[text.count - 1]
    guard first == last, first == 0x27 || first == 0x22 else { return text }
    return text.extracting(1..<text.count - 1)
}

/// At most 64 bytes of a value for a message, control characters and invalid UTF-8 made visible.
func excerpt(_ text: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    for index in 0..<min(text.count, 64) {
        let byte = text[index]
        bytes.append(byte < 0x20 || byte == 0x7f ? 0x3f : byte)
    }
    let shown = String(decoding: bytes, as: UTF8.self)
    return text.count > 64 ? shown + "…" : shown
}
