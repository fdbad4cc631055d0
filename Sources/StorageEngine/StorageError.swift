// SPDX-License-Identifier: Apache-2.0

/// Why the storage engine could not do something.
package struct StorageError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The engine is closed or closing.
        case closed
        /// Nothing can be made durable now; the writer is trying again.
        case readOnly
        /// A file is damaged: the message names file and offset.
        case corrupt
        /// An I/O error of the operating system.
        case io
        /// No space left, or a quota is used up.
        case full
        /// More is waiting for the log than `log_queue_max_bytes` allows.
        case overloaded
        /// The catalog could not be read or written.
        case catalog
        /// Another process owns the data folder.
        case locked
        /// The data folder was made by a newer version, or with other values of settings that cannot change.
        case incompatible
        /// A file or folder is not there.
        case notFound
        /// A file is there that should not be.
        case exists
    }

    package var code: Code
    /// One sentence for an operator: what, where, and where possible the remedy.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
