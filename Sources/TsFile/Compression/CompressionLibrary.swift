// SPDX-License-Identifier: Apache-2.0

import CCompressors
import CLZ4

/// The C libraries behind ``Compression``, each as one call on buffers; nil is a failure. Only this file and its extensions
/// touch them.
enum CompressionLibrary {
    /// Bytes that compressing so many takes at most.
    static func bound(_ byteCount: Int, _ compressor: TsFileCompressor) -> Int {
        switch compressor {
        case .uncompressed: byteCount
        case .lz4: Int(LZ4_compressBound(Int32(byteCount)))
        case .snappy: snappy_max_compressed_length(byteCount)
        // zlib's own bound for any setting, and the frame of a gzip member.
        case .gzip: byteCount + byteCount >> 3 + byteCount >> 6 + 64
        case .zstd: ZSTD_compressBound(byteCount)
        case .lzma2: lzma_stream_buffer_bound(byteCount)
        }
    }

    /// Bytes that so many can yield at most, by the densest form that each format has.
    static func yield(_ storedCount: Int, _ compressor: TsFileCompressor) -> Int {
        switch compressor {
        case .uncompressed: storedCount
        // A byte of length stands for 255.
        case .lz4: storedCount * 255
        // Three bytes are a copy of 64.
        case .snappy: storedCount * 22
        // Two bits are a copy of 258.
        case .gzip: storedCount * 1_032
        // A block of four bytes is 128 KiB of one value.
        case .zstd: storedCount * 32_768
        case .lzma2: storedCount * 16_384
        }
    }

    static func compress(
        _ source: UnsafeRawBufferPointer, _ compressor: TsFileCompressor, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        switch compressor {
        case .uncompressed: nil
        case .lz4: unsafe compressLZ4(source, into: target)
        case .snappy: unsafe compressSnappy(source, into: target)
        case .gzip: unsafe compressGzip(source, into: target)
        case .zstd: unsafe compressZstd(source, into: target)
        case .lzma2: unsafe compressLZMA2(source, into: target)
        }
    }

    /// The target has room for exactly the bytes that must come out.
    static func decompress(
        _ source: UnsafeRawBufferPointer, _ compressor: TsFileCompressor, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        switch compressor {
        case .uncompressed: nil
        case .lz4: unsafe decompressLZ4(source, into: target)
        case .snappy: unsafe decompressSnappy(source, into: target)
        case .gzip: unsafe decompressGzip(source, into: target)
        case .zstd: unsafe decompressZstd(source, into: target)
        case .lzma2: unsafe decompressLZMA2(source, into: target)
        }
    }

    private static func compressLZ4(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let written = unsafe LZ4_compress_default(
            source.baseAddress?.assumingMemoryBound(to: CChar.self),
            target.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(source.count), Int32(target.count))
        return written > 0 ? Int(written) : nil
    }

    private static func decompressLZ4(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let produced = unsafe LZ4_decompress_safe(
            source.baseAddress?.assumingMemoryBound(to: CChar.self),
            target.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(source.count), Int32(target.count))
        return produced >= 0 ? Int(produced) : nil
    }

    private static func compressSnappy(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var written = target.count
        let status = unsafe snappy_compress(
            source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count,
            target.baseAddress?.assumingMemoryBound(to: CChar.self), &written)
        return status == SNAPPY_OK ? written : nil
    }

    private static func decompressSnappy(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let bytes = unsafe source.baseAddress?.assumingMemoryBound(to: CChar.self)
        var produced = 0
        guard unsafe snappy_uncompressed_length(bytes, source.count, &produced) == SNAPPY_OK,
            produced == target.count
        else { return nil }
        let status = unsafe snappy_uncompress(
            bytes, source.count, target.baseAddress?.assumingMemoryBound(to: CChar.self), &produced)
        return status == SNAPPY_OK ? produced : nil
    }

    /// The one-shot call writes the content size into the frame.
    private static func compressZstd(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let written = unsafe ZSTD_compress(
            target.baseAddress, target.count, source.baseAddress, source.count, ZSTD_defaultCLevel())
        return ZSTD_isError(written) == 0 ? written : nil
    }

    private static func decompressZstd(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let produced = unsafe ZSTD_decompress(target.baseAddress, target.count, source.baseAddress, source.count)
        return ZSTD_isError(produced) == 0 ? produced : nil
    }
}
