// SPDX-License-Identifier: Apache-2.0

/// Something that reads bytes which anyone may have damaged. It answers with what is there or with an error of its own; it never
/// traps, never goes on for ever, and never believes what was not written.
package protocol FuzzTarget: Sendable {
    /// As the command line names it.
    var name: String { get }

    /// Damages a seed as `seed` and `round` decide, and reads it. Throws ``FuzzFinding`` for what must not be.
    func run(seed: UInt64, round: UInt64) throws
}

/// What a round found.
package struct FuzzFinding: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// All targets.
package enum FuzzTargets {
    /// Makes the seeds of every target; slow for a moment. `folder`: the package's own folder, for files of others to damage.
    package static func all(in folder: String) throws -> [any FuzzTarget] {
        [try TsFileTarget(folder: folder), try LogTarget()]
    }
}
