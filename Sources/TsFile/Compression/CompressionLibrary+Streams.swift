// SPDX-License-Identifier: Apache-2.0

import CCompressors

/// GZIP and LZMA2, whose libraries have streams where the others have calls.
extension CompressionLibrary {
    /// The level of the official writer.
    private static let gzipLevel: Int32 = 6
    /// zlib's greatest window, with the head and tail of a gzip member (RFC 1952).
    private static let gzipWindowBits: Int32 = 15 + 16
    /// Memory that decoding an .xz stream may take, whatever dictionary its head asks for; preset 9 needs 65 MiB.
    static let lzmaMemoryMax: UInt64 = 80 << 20
    private static let lzmaPreset: UInt32 = 6
    private static let lzma2FilterID: UInt64 = 0x21
    private static let filterListEnd = UInt64.max

    static func compressGzip(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var stream = unsafe z_stream()
        guard
            unsafe deflateInit2_(
                &stream, gzipLevel, Z_DEFLATED, gzipWindowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { unsafe deflateEnd(&stream) }
        unsafe setBuffers(of: &stream, source, target)
        guard unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END else { return nil }
        return unsafe Int(stream.total_out)
    }

    /// Exactly one member that fills the page.
    static func decompressGzip(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var stream = unsafe z_stream()
        guard
            unsafe inflateInit2_(&stream, gzipWindowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { unsafe inflateEnd(&stream) }
        unsafe setBuffers(of: &stream, source, target)
        guard unsafe inflate(&stream, Z_FINISH) == Z_STREAM_END, unsafe stream.avail_in == 0 else { return nil }
        return unsafe Int(stream.total_out)
    }

    /// The library only reads what it takes for input. Pages are far below 4 GiB.
    private static func setBuffers(
        of stream: inout z_stream, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
    ) {
        unsafe stream.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe stream.avail_in = UInt32(source.count)
        unsafe stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.avail_out = UInt32(target.count)
    }

    /// The default preset, but with a dictionary of the size of the body: the full one would take 94 MiB for a page.
    static func compressLZMA2(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var options = unsafe lzma_options_lzma()
        guard unsafe lzma_lzma_preset(&options, lzmaPreset) == 0 else { return nil }
        unsafe options.dict_size = min(options.dict_size, UInt32(max(4_096, source.count)))
        var written = 0
        let status = unsafe withUnsafeMutablePointer(to: &options) { options in
            var filters = unsafe [
                lzma_filter(id: lzma2FilterID, options: UnsafeMutableRawPointer(options)),
                lzma_filter(id: filterListEnd, options: nil),
            ]
            return unsafe lzma_stream_buffer_encode(
                &filters, LZMA_CHECK_CRC64, nil, source.baseAddress?.assumingMemoryBound(to: UInt8.self), source.count,
                target.baseAddress?.assumingMemoryBound(to: UInt8.self), &written, target.count)
        }
        return status == LZMA_OK ? written : nil
    }

    static func decompressLZMA2(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var memory = lzmaMemoryMax
        var taken = 0, produced = 0
        let status = unsafe lzma_stream_buffer_decode(
            &memory, 0, nil, source.baseAddress?.assumingMemoryBound(to: UInt8.self), &taken, source.count,
            target.baseAddress?.assumingMemoryBound(to: UInt8.self), &produced, target.count)
        return status == LZMA_OK && taken == source.count ? produced : nil
    }
}
