// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// Statements that take something away or say how long it stays. Each blocks and is durable when it returns; never call one
/// on an event loop.
///
/// They throw ``SchemaError`` for what is asked, ``StorageError`` for what the disk says (``StorageError/Code/readOnly`` while
/// the log cannot be written). After an error from the disk the change may still happen, as with a commit.
extension StorageEngine {
    /// Hides points of the series that a pattern (device nodes and measurement) matches, in a range, that were acknowledged
    /// before; all of the deletions or none. The series stay. ``StorageError/Code/overloaded`` beyond `deletions_max`.
    package func delete(_ deletions: [(pattern: PathPattern, range: TimeRange)]) throws {
        let points = deletions.filter { !$0.range.isEmpty }.map {
            SchemaRemoval.Points(pattern: $0.pattern, range: $0.range)
        }
        guard !points.isEmpty else { return }
        try requireWritableLog()
        try requestDeletions(points)
        try sync()
        compactor.wake()
    }

    /// Drops series with their points, and devices that have no series left. Returns how many series there were.
    package func dropSeries(matching patterns: [PathPattern]) throws -> Int {
        try requireWritableLog()
        let dropped = try requestDropOfSeries(patterns)
        if dropped > 0 { try sync() }
        compactor.wake()
        return dropped
    }

    /// Drops databases with all that is in them. Returns how many there were.
    package func dropDatabases(matching patterns: [PathPattern]) throws -> Int {
        try requireWritableLog()
        let dropped = try requestDropOfDatabases(patterns)
        if dropped > 0 { try sync() }
        compactor.wake()
        return dropped
    }

    /// Says how long points are kept, in milliseconds above zero; the highest number = for ever; nil takes the rule back.
    ///
    /// `pattern` is a device, a database (then everything in it), or a path followed by `**` (the path itself and everything
    /// below). The longest one wins; the server's default comes last.
    package func setTimeToLive(_ pattern: PathPattern, milliseconds: Int64?) throws {
        try requireWritableLog()
        if try schema.setTimeToLive(pattern, milliseconds: milliseconds) { try sync() }
        compactor.wake()
    }

    private func requireWritableLog() throws(StorageError) {
        if let failure = health.state.failure {
            throw StorageError(.readOnly, "nothing can be stored now: \(failure.message)")
        }
    }
}
