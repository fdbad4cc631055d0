// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A counting semaphore at a fixed address.
@safe
final class Semaphore: Sendable {
    private nonisolated(unsafe) let pointer: UnsafeMutablePointer<sem_t>

    init() {
        unsafe pointer = .allocate(capacity: 1)
        unsafe sem_init(pointer, 0, 0)
    }

    deinit {
        unsafe sem_destroy(pointer)
        unsafe pointer.deallocate()
    }

    func signal() { unsafe sem_post(pointer) }

    func wait() {
        while unsafe sem_wait(pointer) != 0 {}
    }

    /// Waits at most so long; false = nobody signalled.
    func wait(milliseconds: Int) -> Bool {
        var end = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &end)
        let nanoseconds = end.tv_nsec + milliseconds % 1_000 * 1_000_000
        end.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        while unsafe sem_timedwait(pointer, &end) != 0 {
            if errno == ETIMEDOUT { return false }
        }
        return true
    }
}
