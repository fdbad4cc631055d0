// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

extension TsFileEncoding {
    /// The encoding that fits these first values of a series, where nothing was declared.
    package static func choice(
        for sample: borrowing ValueColumn, compressor: TsFileCompressor = .lz4
    ) -> TsFileEncoding {
        sample.type.defaultTsFileEncoding
    }
}
