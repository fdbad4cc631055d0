// SPDX-License-Identifier: Apache-2.0

import CPlatform
import Glibc
import Synchronization

/// A named thread of our own, for work that blocks: never a thread of Swift's pool.
final class WorkerThread: Sendable {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    private let thread: Mutex<pthread_t?>

    /// Starts the thread; `name` is what `top -H` shows, at most 15 bytes.
    init(name: String, _ body: @escaping @Sendable () -> Void) throws(StorageError) {
        var thread = pthread_t()
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                unsafe apus_set_thread_name(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard result == 0 else {
            unsafe start.release()
            throw StorageError(.io, "cannot start thread \(name): \(unsafe String(cString: strerror(result)))")
        }
        self.thread = Mutex(thread)
    }

    /// Waits for the end of the body. The second call returns at once.
    func join() {
        let thread = self.thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
    }
}

extension WorkerThread {
    /// Blocks the calling thread.
    static func sleep(milliseconds: Int) {
        var wanted = timespec(tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
        var rest = timespec()
        while unsafe nanosleep(&wanted, &rest) != 0, errno == EINTR { wanted = rest }
    }
}
