// SPDX-License-Identifier: Apache-2.0

package import StorageEngine
import Synchronization

/// An operation that a simulated disk is about to do, for a test that decides which of them fail.
package struct DiskEvent: Sendable {
    package var kind: DiskOperation
    package var path: String
    /// Bytes of the file as a reader sees it, before the operation.
    package var byteCount: Int
}

/// What a test lets an operation fail with; nil = it succeeds.
package typealias DiskFault = @Sendable (DiskEvent) -> StorageError.Code?

extension SimulatedDisk {
    /// Asks `fault` about every operation from now on, reads and catalog commits included; nil = about none.
    package func setFault(_ fault: DiskFault?) { state.withLock { $0.fault = fault } }
}
