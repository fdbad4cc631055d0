// SPDX-License-Identifier: Apache-2.0

/// The version of this program.
package enum ServerVersion {
    package static let number = "0.1.0"

    /// For people: `apus 0.1.0 (x86_64, release build)`.
    package static var text: String { "apus \(number) (\(architecture), \(build) build)" }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "aarch64"
        #else
            "other architecture"
        #endif
    }

    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }
}
