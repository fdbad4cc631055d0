// SPDX-License-Identifier: Apache-2.0

/// Values that nobody asked for: passed, but checked as strictly as all others.
extension JSONScanner {
    /// Passes one value of any kind; the index is at its first byte and `depth` containers are open around it.
    @inline(never)
    @_lifetime(self: copy self)
    mutating func skipValue(depth: Int) throws(JSONSyntaxError) {
        // One bit a level, so that a hostile payload has no stack to overflow: 1 = object.
        var kinds: UInt64 = 0
        var level = 0
        var isFirst = true
        var atValue = true
        repeat {
            if atValue {
                let byte = current
                if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                    guard depth + level < nestingMax else { throw failure(.tooDeep(nestingMax)) }
                    kinds = kinds << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
                    level += 1
                    index += 1
                    isFirst = true
                    atValue = false
                    continue
                }
                try skipScalar()
                atValue = false
                continue
            }
            let isObject = kinds & 1 == 1
            if try nextItem(&isFirst, close: isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                if isObject {
                    _ = try key()
                    try colon()
                }
                atValue = true
            } else {
                kinds >>= 1
                level -= 1
                isFirst = false
            }
        } while atValue || level > 0
    }

    /// Passes a scalar.
    @_lifetime(self: copy self)
    mutating func skipScalar() throws(JSONSyntaxError) {
        switch current {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "-"), 0x30...0x39:
            if !take("-Infinity") { _ = try number() }
        case UInt8(ascii: "'") where isLenient: _ = try string()
        default: _ = try word()
        }
    }

    /// Passes a key: a string, in lenient mode also in single quotes or bare.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func key() throws(JSONSyntaxError) -> JSONString {
        let byte = current
        if byte == UInt8(ascii: "\"") { return try string() }
        guard isLenient else { throw failure(.key) }
        if byte == UInt8(ascii: "'") { return try string() }
        guard Self.beginsWord(byte) else { throw failure(.key) }
        return JSONString(range: bareWord(), hasEscapes: false)
    }
}
