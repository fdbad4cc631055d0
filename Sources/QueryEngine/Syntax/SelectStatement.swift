// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// SELECT as written.
struct SelectStatement: Equatable, Sendable {
    struct Item: Equatable, Sendable {
        var expression: Expression
        var alias: String?
    }

    /// GROUP BY.
    struct Grouping: Equatable, Sendable {
        var windows: Windows?
        /// Root is level 0; empty = not by level.
        var levels: [Int] = []
    }

    /// Time windows of GROUP BY.
    struct Windows: Equatable, Sendable {
        /// Nil = not written, as only continuous queries may.
        var range: Range?
        var interval: TimeSpan
        var step: TimeSpan

        struct Range: Equatable, Sendable {
            var start: Timestamp
            var end: Timestamp
            /// `(start, end]` instead of `[start, end)`.
            var closesRight: Bool
        }
    }

    struct SortItem: Equatable, Sendable {
        enum Key: Equatable, Sendable {
            case time, device, timeseries
            case expression(Expression)
        }

        var key: Key
        var isDescending = false
        var nullsFirst: Bool?
    }

    enum Fill: Equatable, Sendable {
        /// The value above, if at most so far back.
        case previous(TimeSpan?)
        case linear
        case literal(Literal)
    }

    enum Alignment: Equatable, Sendable {
        case time, device
    }

    var isLast = false
    var items: [Item] = []
    var from: [PathText] = []
    var condition: Expression?
    var grouping: Grouping?
    var having: Expression?
    var order: [SortItem] = []
    var fill: Fill?
    var page = Page()
    /// SLIMIT and SOFFSET.
    var seriesPage = Page()
    var alignment = Alignment.time
}

/// LIMIT and OFFSET.
struct Page: Equatable, Sendable {
    /// Nil = all.
    var limit: Int?
    var offset = 0
}
