// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// What one thread sleeps on: signals that come while it is awake are remembered as one.
@safe
final class WakeUp: Sendable {
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>
    /// Whether a signal is on its way that the sleeper has not seen.
    private let isSignalled = Atomic(false)

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Wakes the sleeper now or before its next sleep.
    func signal() {
        guard !isSignalled.exchange(true, ordering: .acquiringAndReleasing) else { return }
        unsafe sem_post(semaphore)
    }

    /// Sleeps until signalled, or for `nanoseconds` (nil = however long).
    func wait(nanoseconds: Int64? = nil) {
        if let nanoseconds {
            var deadline = timespec()
            unsafe clock_gettime(CLOCK_REALTIME, &deadline)
            let (seconds, rest) = max(0, nanoseconds).quotientAndRemainder(dividingBy: 1_000_000_000)
            deadline.tv_sec += Int(seconds)
            deadline.tv_nsec += Int(rest)
            if deadline.tv_nsec >= 1_000_000_000 {
                deadline.tv_sec += 1
                deadline.tv_nsec -= 1_000_000_000
            }
            while unsafe sem_timedwait(semaphore, &deadline) != 0 {
                guard errno == EINTR else { return }
            }
        } else {
            while unsafe sem_wait(semaphore) != 0 {}
        }
        isSignalled.store(false, ordering: .releasing)
    }
}
