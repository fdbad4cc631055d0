// SPDX-License-Identifier: Apache-2.0

import Synchronization
package import TimeSeriesModel

/// Points that are in the log but not yet in files: append-only columns in arrival order (design section 4.5).
///
/// `@unchecked Sendable`: one writer thread appends and publishes, any thread reads what is published. The tables of columns
/// change under `lock`, which readers take to look a column up; the writer, who alone changes them, reads them without.
package final class Memtable: @unchecked Sendable {
    /// Columns of this many neighbouring series ids.
    private final class Page {
        static let bits = 8
        var columns = [MemtableColumn?](repeating: nil, count: 1 << bits)
    }

    /// Bytes beyond which it counts as full whatever the settings say: positions of texts have 32 bits, and a commit comes on top.
    package static let byteCountMax = 2 << 30

    /// When it was created, in nanoseconds of the monotonic clock.
    package let createdAt: Int64

    /// Nothing in it was logged after this sequence: a deletion with a higher one hides its points. The highest number until
    /// it gets no more points; any thread.
    package var lastSequence: LogSequence { sealedThrough.load(ordering: .acquiring) }

    private let sealedThrough = Atomic<LogSequence>(.max)
    private let lock = Mutex(())
    private var pages: [Page?] = []
    /// In order of creation.
    private var columns: [MemtableColumn] = []
    private var unpublished: [MemtableColumn] = []
    private let allocatedBytes = Atomic<Int>(0)
    private let publishedPoints = Atomic<Int>(0)

    /// An empty memtable.
    package init(createdAt: Int64 = 0) { self.createdAt = createdAt }

    /// Bytes of memory in use, those of unpublished points included; any thread.
    package var byteCount: Int { allocatedBytes.load(ordering: .relaxed) }

    /// Whether it has reached the size at which it is frozen; any thread.
    package func isFull(_ bytesMax: Int, cap: Int = byteCountMax) -> Bool { byteCount >= min(bytesMax, cap) }

    /// Points that readers may see, overwritten ones included; any thread.
    package var pointCount: Int { publishedPoints.load(ordering: .relaxed) }

    /// Whether nothing was ever appended; any thread.
    package var isEmpty: Bool { byteCount == 0 }

    /// Appends points of a series in arrival order; writer thread only. Nobody sees them before ``publish()``.
    ///
    /// `values` are slots as in ``ValueColumn``, one a time; those of variable-length types point into `bytes`, which is
    /// copied. A series has one type for ever; to append another is a bug.
    package func append(
        series: SeriesID, type: DataType, times: Span<Int64>, values: Span<UInt64>, bytes: Span<UInt8>
    ) {
        guard times.count > 0 else { return }
        let column = writersColumn(of: series, type: type)
        precondition(column.type == type, "the type of a series never changes")
        let allocated = column.append(times, values, bytes: bytes)
        if allocated > 0 { allocatedBytes.wrappingAdd(allocated, ordering: .relaxed) }
        if !column.isUnpublished {
            column.isUnpublished = true
            unpublished.append(column)
        }
    }

    /// Appends points of a series; see the other form.
    package func append(series: SeriesID, type: DataType, times: [Int64], values: borrowing ValueColumn) {
        append(
            series: series, type: type, times: times.span, values: values.bits.span, bytes: values.bytes.span)
    }

    /// Makes everything appended so far visible, at once for those who pin several series; writer thread only, after the sync.
    package func publish() {
        guard !unpublished.isEmpty else { return }
        var points = 0
        lock.withLock { _ in
            for column in unpublished { points += column.publish() }
        }
        unpublished.removeAll(keepingCapacity: true)
        publishedPoints.wrappingAdd(points, ordering: .relaxed)
    }

    /// Says that it gets no more points, and the last sequence that is in it; writer thread only.
    func seal(through sequence: LogSequence) { sealedThrough.store(sequence, ordering: .releasing) }

    /// The series that have published points, in order of their ids; any thread.
    package func series() -> [SeriesID] {
        columnList().filter { $0.published.load(ordering: .relaxed) > 0 }.map(\.series).sorted()
    }

    /// The published points of a series in a time range: sorted, one a time, the last one to arrive; any thread.
    package func points(of series: SeriesID, in range: TimeRange) -> PointColumn? {
        guard let slice = slice(of: series) else { return nil }
        var cursor = slice.cursor(in: range, order: .ascending)
        var points = PointColumn(slice.column.type)
        while let block = cursor.next() { points.append(block, 0..<block.count) }
        return points
    }

    /// What is published of a series now; nil if nothing is. Any thread.
    func slice(of series: SeriesID) -> MemtableSlice? {
        lock.withLock { _ in lockedSlice(of: series) }
    }

    /// What is published now of several series, all at one moment: no commit is seen in part. Any thread.
    func slices(of series: some Sequence<SeriesID>) -> [SeriesID: MemtableSlice] {
        lock.withLock { _ in
            var slices: [SeriesID: MemtableSlice] = [:]
            for id in series { slices[id] = lockedSlice(of: id) }
            return slices
        }
    }

    private func lockedSlice(of series: SeriesID) -> MemtableSlice? {
        let page = Int(series.rawValue >> UInt32(Page.bits))
        guard page < pages.count,
            let column = pages[page]?.columns[Int(series.rawValue & (1 << UInt32(Page.bits) - 1))]
        else { return nil }
        let count = column.published.load(ordering: .acquiring)
        return count > 0 ? MemtableSlice(column: column, count: count) : nil
    }

    /// Whether anything was appended to a series; writer thread only.
    func hasColumn(_ series: SeriesID) -> Bool {
        let page = Int(series.rawValue >> UInt32(Page.bits))
        return page < pages.count && pages[page]?.columns[Int(series.rawValue & (1 << UInt32(Page.bits) - 1))] != nil
    }

    private func columnList() -> [MemtableColumn] { lock.withLock { _ in columns } }

    private func writersColumn(of series: SeriesID, type: DataType) -> MemtableColumn {
        let page = Int(series.rawValue >> UInt32(Page.bits))
        let index = Int(series.rawValue & (1 << UInt32(Page.bits) - 1))
        if page < pages.count, let column = pages[page]?.columns[index] { return column }
        let column = MemtableColumn(series: series, type: type)
        lock.withLock { _ in
            while pages.count <= page { pages.append(nil) }
            let home = pages[page] ?? Page()
            pages[page] = home
            home.columns[index] = column
            columns.append(column)
        }
        allocatedBytes.wrappingAdd(MemtableColumn.ownByteCount, ordering: .relaxed)
        return column
    }
}
