// SPDX-License-Identifier: Apache-2.0

/// The key that somebody may have meant.
enum NearestKey {
    /// The known name closest to `name`, if it is close enough to be a slip of the pen.
    static func of(_ name: String) -> String? {
        let written = Array(name.lowercased().replacing("-", with: "_").utf8)
        // Closer than this is a slip of the pen.
        let limit = max(2, written.count / 6)
        var best: (name: String, distance: Int)?
        for key in KeyDeclaration.all {
            for known in key.names where abs(known.utf8.count - written.count) <= limit {
                let distance = distance(written, Array(known.utf8))
                if distance < best?.distance ?? .max { best = (key.name, distance) }
            }
        }
        guard let best, best.distance <= limit else { return nil }
        return best.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 1..<max(a.count + 1, 1) {
            var row = [i]
            for j in 1..<max(b.count + 1, 1) {
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
