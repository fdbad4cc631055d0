// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel
package import TsFile

/// A series as a statement asks for it.
package struct SeriesRequest: Sendable, Equatable {
    /// Canonical measurement name.
    package var measurement: String
    package var type: DataType
    /// nil = the server's default, and files may choose a better one.
    package var encoding: TsFileEncoding?
    /// nil = the server's default.
    package var compressor: TsFileCompressor?

    package init(
        measurement: String, type: DataType, encoding: TsFileEncoding? = nil, compressor: TsFileCompressor? = nil
    ) {
        self.measurement = measurement
        self.type = type
        self.encoding = encoding
        self.compressor = compressor
    }
}
