// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// A right of a user, as LIST PRIVILEGES shows it.
package struct Grant: Sendable, Hashable {
    package let privilege: Privilege
    /// `root.**` for global privileges.
    package let pattern: PathPattern
    /// Whether the user may pass the right on.
    package let withGrantOption: Bool

    package init(privilege: Privilege, pattern: PathPattern, withGrantOption: Bool) {
        self.privilege = privilege
        self.pattern = pattern
        self.withGrantOption = withGrantOption
    }
}
