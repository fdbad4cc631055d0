// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// What became of one message, for its acknowledgement and the counters (`mqtt-payloads.md` section 10.1).
package struct IngestionVerdict: Sendable, Equatable {
    package enum Outcome: Int, Sendable, CaseIterable {
        /// Nothing to store and nothing wrong (`[]`, a row of nulls).
        case empty
        case stored
        /// Some of it; the problems say what is missing.
        case partlyStored
        /// Nothing; the text is at fault.
        case refused
        /// Nothing; the schema, a limit or a type is at fault, not the text.
        case refusedBySchema
        /// Nothing; the user lacks the right.
        case denied
    }

    package var outcome: Outcome
    package var storedRows: Int
    package var storedPoints: Int
    package var refusedRows: Int
    /// Problems of all extents, whether kept or only counted.
    package var problemCount: Int

    /// The verdict on a message of which so much was stored and that had so many problems, by ``ProblemCode``'s raw value
    /// (empty = none).
    package init(storedRows: Int, storedPoints: Int, refusedRows: Int, problemCounts: [Int]) {
        self.storedRows = storedRows
        self.storedPoints = storedPoints
        self.refusedRows = refusedRows
        problemCount = problemCounts.reduce(0, +)
        if problemCount == 0 {
            outcome = storedRows > 0 ? .stored : .empty
        } else if storedRows > 0 {
            outcome = .partlyStored
        } else if problemCounts[Int(ProblemCode.denied.rawValue)] == problemCount {
            outcome = .denied
        } else {
            let isTextAtFault = ProblemCode.allCases.contains {
                problemCounts[Int($0.rawValue)] > 0 && !$0.blamesSchema
            }
            outcome = isTextAtFault ? .refused : .refusedBySchema
        }
    }

    /// One sentence for a reason string: how much was refused, and the first reason with its place. Nil if all is well.
    package func summary(_ problems: [Problem]) -> String? {
        guard let first = problems.first else { return nil }
        let status = first.code.statusCode.map { " \($0)" } ?? ""
        let counts =
            storedRows > 0
            ? "stored \(storedRows) rows, refused \(refusedRows) rows, \(problemCount) problems; first: " : ""
        return "\(counts)\(first.code.name)\(status)\(first.place): \(first.message)"
    }
}

extension ProblemCode {
    /// Whether the cause lies in the schema rather than in the text of the payload.
    var blamesSchema: Bool {
        switch self {
        case .typeMismatch, .databaseConflict, .pathLimit, .unknownSeries, .alignmentMismatch, .denied,
            .outOfTimeToLive:
            true
        default: false
        }
    }
}

extension Problem {
    /// Where in the payload, for example ` at element 3, row 1`; empty for the whole of it.
    package var place: String {
        switch (element >= 0, row >= 0) {
        case (true, true): " at element \(element), row \(row)"
        case (true, false): " at element \(element)"
        case (false, true): " at row \(row)"
        case (false, false): ""
        }
    }
}
