// SPDX-License-Identifier: Apache-2.0

extension Span where Element == Int64 {
    /// Whether every time is above the one before it. All of them are looked at, so that the loop has no branch.
    var isRising: Bool {
        var breaks = 0
        for index in 1..<Swift.max(count, 1) {
            breaks &+= self[index &- 1] < self[index] ? 0 : 1
        }
        return breaks == 0
    }
}
