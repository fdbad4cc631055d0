// SPDX-License-Identifier: Apache-2.0

/// Compression of page bodies (`tsfile.md` section 5).
enum Compression {
    /// Appends the compressed body. The body is at most ``TsFileLimits/pageBytesMax`` long. Throws when the library fails, which
    /// for want of memory it may.
    static func compress(
        _ body: Span<UInt8>, _ compressor: TsFileCompressor, to output: inout [UInt8]
    ) throws(CodecError) {
        guard compressor != .uncompressed else {
            unsafe body.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
            return
        }
        let bound = CompressionLibrary.bound(body.count, compressor)
        var isDone = false
        output.append(addingCapacity: bound) { target in
            unsafe target.withUnsafeMutableBufferPointer { buffer, initialized in
                let written = unsafe body.withUnsafeBytes { source in
                    unsafe CompressionLibrary.compress(source, compressor, into: UnsafeMutableRawBufferPointer(buffer))
                }
                isDone = written != nil
                initialized = written ?? 0
            }
        }
        guard isDone else { throw CodecError("\(compressor.name) failed to compress \(body.count) bytes") }
    }

    /// The body of `byteCount` bytes; the caller has checked that number against ``TsFileLimits/pageBytesMax``. No more memory
    /// than that is taken for it, and none for a number that so few stored bytes cannot yield.
    static func decompress(
        _ stored: [UInt8], _ compressor: TsFileCompressor, byteCount: Int
    ) throws(CodecError) -> [UInt8] {
        guard compressor != .uncompressed else {
            guard stored.count == byteCount else {
                throw CodecError("an uncompressed page has \(stored.count) bytes stored, \(byteCount) announced")
            }
            return stored
        }
        guard byteCount <= CompressionLibrary.yield(stored.count, compressor) else {
            throw CodecError("\(stored.count) bytes of \(compressor.name) cannot yield \(byteCount)")
        }
        var produced: Int?
        let body = [UInt8](capacity: byteCount) { target in
            unsafe target.withUnsafeMutableBufferPointer { buffer, initialized in
                let room = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[..<byteCount])
                produced = unsafe stored.withUnsafeBytes {
                    unsafe CompressionLibrary.decompress($0, compressor, into: room)
                }
                initialized = max(0, min(produced ?? 0, byteCount))
            }
        }
        guard produced == byteCount else {
            throw CodecError("a page of \(compressor.name) does not yield \(byteCount) bytes")
        }
        return body
    }
}
