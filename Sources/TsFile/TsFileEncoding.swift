// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// How the values of a chunk are encoded. Raw values are the ids of the format (`tsfile.md` section 4).
package enum TsFileEncoding: UInt8, Sendable, CaseIterable {
    case plain = 0
    case dictionary = 1
    case rle = 2
    case ts2diff = 4
    case gorilla = 8
    case zigzag = 9
    case chimp = 11
    case sprintz = 12
    case rlbe = 13

    /// The name in SQL and in the format's documents, for example `TS_2DIFF`.
    package var name: String {
        switch self {
        case .plain: "PLAIN"
        case .dictionary: "DICTIONARY"
        case .rle: "RLE"
        case .ts2diff: "TS_2DIFF"
        case .gorilla: "GORILLA"
        case .zigzag: "ZIGZAG"
        case .chimp: "CHIMP"
        case .sprintz: "SPRINTZ"
        case .rlbe: "RLBE"
        }
    }

    /// Whether the reader decodes values of the type in this encoding; other pairs are an "unsupported" error.
    package func supports(_ type: DataType) -> Bool {
        switch type {
        case .boolean: self == .plain || self == .rle
        case .int32, .date, .int64, .timestamp: self != .dictionary
        case .float, .double: self != .dictionary && self != .zigzag
        case .text, .string: self == .plain || self == .dictionary
        case .blob: self == .plain
        }
    }

    /// Whether the writer uses this encoding for the type: both official readers read such chunks back exactly
    /// (`tsfile.md` sections 0, 4 and 12). A declaration of another one is kept, but written as the type's default.
    package func isWritable(for type: DataType) -> Bool {
        switch self {
        case .plain: true
        case .dictionary: type == .text || type == .string
        case .ts2diff: type.isInteger
        case .gorilla, .chimp: type.isInteger || type == .float || type == .double
        case .rle: type == .int32 || type == .date
        case .zigzag: type == .int32 || type == .int64
        case .sprintz, .rlbe: false
        }
    }
}

/// How the pages of a chunk are compressed. Raw values are the ids of the format.
package enum TsFileCompressor: UInt8, Sendable, CaseIterable {
    case uncompressed = 0
    case snappy = 1
    case gzip = 2
    case lz4 = 7
    case zstd = 8
    case lzma2 = 9

    /// The name in SQL and in the format's documents.
    package var name: String {
        switch self {
        case .uncompressed: "UNCOMPRESSED"
        case .snappy: "SNAPPY"
        case .gzip: "GZIP"
        case .lz4: "LZ4"
        case .zstd: "ZSTD"
        case .lzma2: "LZMA2"
        }
    }

    /// Whether this code compresses and decompresses with it: with all that the format names.
    package var isSupported: Bool { true }
}

extension DataType {
    /// The encoding of the portable profile, which every official reader reads back exactly (`tsfile.md` section 0).
    package var defaultTsFileEncoding: TsFileEncoding {
        switch self {
        case .int32, .int64, .timestamp, .date: .ts2diff
        case .float, .double: .gorilla
        case .boolean, .text, .string, .blob: .plain
        }
    }

    /// Whether the values are integers to the codecs.
    fileprivate var isInteger: Bool {
        switch self {
        case .int32, .int64, .timestamp, .date: true
        default: false
        }
    }

    /// Bits of the word that integer and float codecs work on: 32 or 64.
    var wordBits: Int {
        switch self {
        case .int32, .date, .float: 32
        default: 64
        }
    }
}
