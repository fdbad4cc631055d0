// SPDX-License-Identifier: Apache-2.0

/// What a cursor knows of its next piece, a whole chunk or page, without decoding it.
package struct PieceSummary: Sendable, Equatable {
    /// Of the piece, which lies wholly in the cursor's range. For a column of an aligned device: of the rows that have a value.
    package let statistics: SeriesStatistics
    /// Whether it is a chunk, which ``TsFilePointCursor/openPiece()`` can open to see its pages.
    package let isChunk: Bool
}
