// SPDX-License-Identifier: Apache-2.0

package import AccessControl
package import TimeSeriesModel

/// A listing that a room registers, for example dead letters: `SHOW <name> [LIMIT n] [OFFSET n]`.
package protocol SystemView: Sendable {
    /// The words after SHOW, upper case, for example `["DEAD", "LETTERS"]`.
    var name: [String] { get }
    /// The columns after Time.
    var columns: [ResultColumn] { get }
    /// Whether rows have a time.
    var hasTime: Bool { get }
    /// The right that a user needs; root has it; nil = none.
    var privilege: Privilege? { get }
    /// Begins a listing of the rows as they are now; blocking.
    func open() throws(StatementError) -> sending any SystemViewRows
}

/// The rows of one listing, pulled by one thread at a time.
package protocol SystemViewRows: AnyObject {
    /// Up to `limit` rows; fewer than one = no more. Blocking.
    func next(limit: Int) throws(StatementError) -> [SystemViewRow]
}

/// A row of a system view.
package struct SystemViewRow: Sendable, Equatable {
    /// 0 where the view has no time.
    package var time: Timestamp
    /// Parallel to the columns, each of its column's type; nil = no value.
    package var cells: [Value?]

    package init(time: Timestamp = 0, cells: [Value?]) {
        self.time = time
        self.cells = cells
    }
}
