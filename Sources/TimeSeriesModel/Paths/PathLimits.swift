// SPDX-License-Identifier: Apache-2.0

/// How long paths may be. IoTDB has no such limits; they are far above real trees and keep a hostile payload from storing
/// megabytes as a name.
package enum PathLimits {
    /// Nodes of a path, `root` and the measurement included.
    package static let nodesMax = 64
    /// UTF-8 bytes of one node in canonical form.
    package static let nodeBytesMax = 1_024
    /// UTF-8 bytes of a path as written.
    package static let pathBytesMax = 4_096
}
