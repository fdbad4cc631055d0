// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// Cuts rows of an aligned device into pages, which are the same rows in every column, and the pages into chunk groups.
struct AlignedPageCutter {
    /// A page of every column.
    struct Page {
        var rows: Range<Int>
        /// For each column the values that these rows have.
        var values: [Range<Int>]
    }

    private let rowCount: Int
    private let options: TsFileWriterOptions
    /// Rows of a page, at most: the widest column of fixed width decides.
    private let pageRowsMax: Int
    private var row = 0
    /// For each column the first value that is not in a page.
    private var nextValues: [Int]

    init(_ columns: [AlignedColumn], rowCount: Int, _ options: TsFileWriterOptions) {
        self.rowCount = rowCount
        self.options = options
        var width = 1
        for column in columns where !column.type.isVariableLength { width = max(width, column.type.wordBits / 8) }
        pageRowsMax = max(1, min(options.pageRowsMax, options.pageBytesMax / width))
        nextValues = [Int](repeating: 0, count: columns.count)
    }

    /// The pages of the next chunk group; nil at the end.
    mutating func next(_ columns: [AlignedColumn]) -> [Page]? {
        guard row < rowCount else { return nil }
        let rowEnd = min(rowCount, row + options.chunkPointsMax)
        var bytes = [Int](repeating: 0, count: columns.count)
        var pages: [Page] = []
        while row < rowEnd && pages.count < options.limits.chunkPagesMax {
            let page = nextPage(columns, rowEnd: rowEnd)
            pages.append(page)
            for (index, range) in page.values.enumerated() { bytes[index] += Self.byteCount(columns[index], range) }
            if bytes.contains(where: { $0 >= options.chunkBytesMax }) { break }
        }
        return pages
    }

    private mutating func nextPage(_ columns: [AlignedColumn], rowEnd: Int) -> Page {
        var end = min(rowEnd, row + pageRowsMax)
        for (index, column) in columns.enumerated() where column.type.isVariableLength {
            end = textEnd(column, firstValue: nextValues[index], before: end)
        }
        let rows = row..<end
        var values: [Range<Int>] = []
        for (index, column) in columns.enumerated() {
            let count = Presence(column.presence.span, rowCount: rowCount).count(in: rows)
            values.append(nextValues[index]..<nextValues[index] + count)
            nextValues[index] += count
        }
        row = end
        return Page(rows: rows, values: values)
    }

    /// The row after the one whose text reaches the byte limit of a page.
    private func textEnd(_ column: borrowing AlignedColumn, firstValue: Int, before end: Int) -> Int {
        let presence = Presence(column.presence.span, rowCount: rowCount)
        var bytes = 0
        var value = firstValue
        for candidate in row..<end where presence.bits(from: candidate) & 1 == 1 {
            bytes += column.values.range(at: value).count + 1
            value += 1
            if bytes >= options.pageBytesMax { return candidate + 1 }
        }
        return end
    }

    private static func byteCount(_ column: borrowing AlignedColumn, _ values: Range<Int>) -> Int {
        guard column.type.isVariableLength else { return values.count * column.type.wordBits / 8 }
        var bytes = 0
        for value in values { bytes += column.values.range(at: value).count + 5 }
        return bytes
    }
}
