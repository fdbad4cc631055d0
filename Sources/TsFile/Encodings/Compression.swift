// SPDX-License-Identifier: Apache-2.0

import CLZ4

/// Compression of page bodies (`tsfile.md` section 5). Only this file touches the C library.
enum Compression {
    /// Appends the compressed body. The body is at most ``TsFileLimits/pageBytesMax`` long.
    static func compress(_ body: Span<UInt8>, _ compressor: TsFileCompressor, to output: inout [UInt8]) {
        switch compressor {
        case .lz4:
            let bound = Int(LZ4_compressBound(Int32(body.count)))
            output.append(addingCapacity: bound) { target in
                unsafe target.withUnsafeMutableBufferPointer { buffer, initialized in
                    let written = unsafe body.withUnsafeBytes { source in
                        unsafe LZ4_compress_default(
                            source.baseAddress?.assumingMemoryBound(to: CChar.self),
                            UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self),
                            Int32(source.count), Int32(buffer.count))
                    }
                    precondition(written > 0, "LZ4 fits into its own bound")
                    initialized = Int(written)
                }
            }
        default:
            unsafe body.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
        }
    }

    /// The body of `byteCount` bytes; the caller has checked that number against ``TsFileLimits/pageBytesMax``.
    static func decompress(
        _ stored: [UInt8], _ compressor: TsFileCompressor, byteCount: Int
    ) throws(CodecError) -> [UInt8] {
        switch compressor {
        case .uncompressed:
            guard stored.count == byteCount else {
                throw CodecError("an uncompressed page has \(stored.count) bytes stored, \(byteCount) announced")
            }
            return stored
        case .lz4:
            return try decompressLZ4(stored, byteCount: byteCount)
        default:
            throw CodecError("compressor \(compressor.name) is not supported")
        }
    }

    private static func decompressLZ4(_ stored: [UInt8], byteCount: Int) throws(CodecError) -> [UInt8] {
        // A byte of an LZ4 block yields at most 255, so garbage does not get a large buffer for a few bytes.
        guard byteCount <= stored.count * 255 else {
            throw CodecError("\(stored.count) bytes of LZ4 cannot yield \(byteCount)")
        }
        var produced: Int32 = -1
        let body = [UInt8](capacity: byteCount) { target in
            unsafe target.withUnsafeMutableBufferPointer { buffer, initialized in
                produced = unsafe stored.withUnsafeBytes { source in
                    unsafe LZ4_decompress_safe(
                        source.baseAddress?.assumingMemoryBound(to: CChar.self),
                        UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self),
                        Int32(source.count), Int32(byteCount))
                }
                initialized = max(0, min(Int(produced), byteCount))
            }
        }
        guard produced == byteCount else { throw CodecError("an LZ4 block does not yield \(byteCount) bytes") }
        return body
    }
}
