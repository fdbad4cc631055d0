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
}
