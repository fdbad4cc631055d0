// SPDX-License-Identifier: Apache-2.0

/// Why a path or a name is refused: one sentence that names the node, the rule and the remedy.
package struct PathError: Error, Equatable, CustomStringConvertible {
    /// ``ProblemCode/badPath`` (509) for syntax, ``ProblemCode/pathLimit`` (526) for length.
    package var code: ProblemCode
    package var message: String

    package init(code: ProblemCode = .badPath, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
