// SPDX-License-Identifier: Apache-2.0

/// What `mqtt_json_lenient` allows beyond JSON (`mqtt-payloads.md` section 2.5).
extension JSONScanner {
    /// Whether a bare word can begin so: a letter, `_`, `$` or anything beyond ASCII. Not a digit or a sign, so that `007`
    /// and `0x10` stay malformed.
    static func beginsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xff: true
        default: false
        }
    }

    /// Passes a bare word and returns its place.
    @_lifetime(self: copy self)
    mutating func bareWord() -> Range<Int> {
        let start = index
        while index < bytes.count, !Self.endsWord(bytes[index]) { index += 1 }
        return start..<index
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "/"), UInt8(ascii: "\\"),
            UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            true
        default: false
        }
    }

    /// Passes `# …`, `// …` or `/* … */`; false if none begins here.
    @inline(never)
    @_lifetime(self: copy self)
    mutating func skipComment() throws(JSONSyntaxError) -> Bool {
        let follower = index + 1 < bytes.count ? bytes[index + 1] : 0
        if bytes[index] == UInt8(ascii: "#") || follower == UInt8(ascii: "/") {
            while index < bytes.count, bytes[index] != 0x0a, bytes[index] != 0x0d { index += 1 }
            return true
        }
        guard follower == UInt8(ascii: "*") else { return false }
        var end = index + 2
        while end + 1 < bytes.count {
            if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") {
                index = end + 2
                return true
            }
            end += 1
        }
        index = bytes.count
        throw failure(.endOfComment)
    }
}
