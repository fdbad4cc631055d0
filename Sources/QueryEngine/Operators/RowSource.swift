// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A step of a plan: makes rows of the result's columns. Used by one thread at a time.
protocol RowSource: AnyObject {
    /// The next rows, nil at the end. About `limit` of them are wanted; more are allowed, and no rows are, too. Blocking.
    func next(limit: Int) throws(StatementError) -> RowBlock?
}

/// The end of a plan: OFFSET, LIMIT, and the form that leaves the engine. Stops reading when the limit is reached.
final class PagedRows: BlockSource {
    private let source: any RowSource
    private let hasTime: Bool
    private var toSkip: Int
    private var left: Int

    init(_ source: any RowSource, page: Page, hasTime: Bool) {
        self.source = source
        self.hasTime = hasTime
        toSkip = page.offset
        left = page.limit ?? .max
    }

    func next() throws(StatementError) -> ResultBlock? {
        guard left > 0 else { return nil }
        let wanted = min(
            ResultBlock.rowsMax, toSkip < ResultBlock.rowsMax ? toSkip + min(left, ResultBlock.rowsMax) : .max)
        guard var block = try source.next(limit: wanted) else {
            left = 0
            return nil
        }
        let skipped = min(toSkip, block.rowCount)
        toSkip -= skipped
        let kept = min(left, block.rowCount - skipped)
        left -= kept
        if kept < block.rowCount { block = block.compacted(Array(skipped..<skipped + kept)) }
        return ResultBlock(
            rowCount: block.rowCount, times: hasTime ? block.times : [], columns: block.columns.map(\.resultValues))
    }
}

/// No rows.
final class NoRows: BlockSource {
    func next() -> ResultBlock? { nil }
}
