// SPDX-License-Identifier: Apache-2.0

/// Which characters bare names are made of: letters, digits, `_ : @ # $ { }` and U+2E80…U+9FFF.
enum IdentifierRules {
    /// Bytes of the identifier character at `offset`; 0 if there is none.
    static func length(ofCharacterAt offset: Int, in bytes: [UInt8]) -> Int {
        let byte = bytes[offset]
        if byte < 0x80 { return isASCIIIdentifier(byte) ? 1 : 0 }
        // U+2E80…U+9FFF are all three bytes long.
        guard byte & 0xf0 == 0xe0, offset + 2 < bytes.count, bytes[offset + 1] & 0xc0 == 0x80,
            bytes[offset + 2] & 0xc0 == 0x80
        else { return 0 }
        let scalar =
            UInt32(byte & 0x0f) << 12 | UInt32(bytes[offset + 1] & 0x3f) << 6 | UInt32(bytes[offset + 2] & 0x3f)
        return (0x2e80...0x9fff).contains(scalar) ? 3 : 0
    }

    /// Bytes of the longest run of identifier characters at `offset`.
    static func length(ofWordAt offset: Int, in bytes: [UInt8]) -> Int {
        var end = offset
        while end < bytes.count {
            let length = length(ofCharacterAt: end, in: bytes)
            if length == 0 { break }
            end += length
        }
        return end - offset
    }

    /// The character at `offset` for an error message.
    static func shown(at offset: Int, in bytes: [UInt8]) -> String {
        let lead = bytes[offset]
        if lead < 0x20 || lead == 0x7f { return "\\x" + String(lead, radix: 16) }
        var end = offset + 1
        while end < bytes.count, end < offset + 4, bytes[end] & 0xc0 == 0x80 { end += 1 }
        return String(decoding: bytes[offset..<end], as: UTF8.self)
    }

    private static func isASCIIIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "#"), UInt8(ascii: "$"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
