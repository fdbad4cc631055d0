// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts messages as they are made and shows how far the load is, on a terminal only.
final class BenchProgress: Sendable {
    private let total: Int
    private let made = Atomic(0)
    private let shown = Atomic(-1)

    init(total: Int) { self.total = total }

    /// One more message; rewrites the line at every percent.
    func count() {
        let number = made.wrappingAdd(1, ordering: .relaxed).newValue
        let percent = number * 100 / max(1, total)
        let before = shown.load(ordering: .relaxed)
        guard percent > before,
            shown.compareExchange(expected: before, desired: percent, ordering: .relaxed).exchanged
        else { return }
        writeError("\r\(percent) % of \(total) messages sent\(percent >= 100 ? "\n" : "")")
    }
}
