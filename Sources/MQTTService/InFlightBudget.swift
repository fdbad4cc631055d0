// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bytes between socket and log over all event loops (`mqtt_queue_max_bytes`): reserved when a payload leaves the
/// decoder, released when its commit is done (design section 2).
///
/// Over half of the limit the greediest connections stop reading, over the limit all that go on sending do. They resume
/// when the sum is below half again.
final class InFlightBudget: Sendable {
    let bytesMax: Int
    private let used = Atomic<Int>(0)
    /// Whether some loop has paused connections that wait for ``release(_:)``.
    private let hasPaused = Atomic<Bool>(false)
    private let resumers = Mutex<[@Sendable () -> Void]>([])

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// What is in flight now.
    var bytes: Int { used.load(ordering: .relaxed) }

    private var lowMark: Int { bytesMax / 2 }

    /// Adds a loop's way to resume its paused connections; called from any thread.
    func onRelief(_ resume: @escaping @Sendable () -> Void) { resumers.withLock { $0.append(resume) } }

    func reserve(_ bytes: Int) { used.wrappingAdd(bytes, ordering: .relaxed) }

    /// Whether a connection with so many bytes of its own in flight has to stop reading.
    func mustPause(ownBytes: Int) -> Bool {
        let total = bytes
        guard total > lowMark else { return false }
        // A sixteenth of the limit for one connection is greedy while the whole is more than half full.
        guard total > bytesMax || ownBytes > bytesMax / 16 else { return false }
        // A relief between the look above and this mark would wake nobody.
        return !isRelieved()
    }

    /// Whether paused connections may read again. If not, the next relief will call everybody that waits for it.
    func isRelieved() -> Bool {
        // Once more even if it was set before: the relief that woke the caller has taken it back.
        hasPaused.store(true, ordering: .sequentiallyConsistent)
        return used.load(ordering: .sequentiallyConsistent) <= lowMark
    }

    func release(_ bytes: Int) {
        let left = used.wrappingSubtract(bytes, ordering: .sequentiallyConsistent).newValue
        guard left <= lowMark, hasPaused.exchange(false, ordering: .sequentiallyConsistent) else { return }
        for resume in resumers.withLock({ $0 }) { resume() }
    }
}
