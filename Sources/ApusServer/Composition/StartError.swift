// SPDX-License-Identifier: Apache-2.0

/// Why the server could not start: one message for people.
package struct StartError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
