// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs blocking work on a thread of its own, so that neither an event loop nor Swift's small pool waits for a disk.
func onOwnThread<Value: Sendable>(
    named name: String, _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result { try work() }) }
        thread.name = name
        // Recovery and flush recurse little, but the default of secondary threads is only 512 KiB.
        thread.stackSize = 4 << 20
        thread.start()
    }
}
