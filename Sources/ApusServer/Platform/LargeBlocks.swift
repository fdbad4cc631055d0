// SPDX-License-Identifier: Apache-2.0

import CPlatform

/// How the process treats large blocks of memory.
enum LargeBlocks {
    /// Gives blocks of 4 MiB and more back to the system when they are freed; once, before the first thread.
    static func returnToSystem() { apus_return_large_blocks() }
}
