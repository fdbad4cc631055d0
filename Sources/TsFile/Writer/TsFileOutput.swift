// SPDX-License-Identifier: Apache-2.0

/// Gathers bytes into writes of a useful size and knows the position in the file.
struct TsFileOutput<Sink: TsFileSink> {
    /// The sink gets what has gathered when it is this much.
    private static var flushBytes: Int { 256 << 10 }

    private(set) var sink: Sink
    private var buffer: [UInt8] = []
    private var flushedBytes = 0

    init(_ sink: Sink) { self.sink = sink }

    /// The offset of the next byte.
    var position: Int { flushedBytes + buffer.count }

    mutating func write(_ bytes: [UInt8]) throws { try write(bytes.span) }

    mutating func write(_ bytes: Span<UInt8>) throws {
        unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
        if buffer.count >= Self.flushBytes { try flush() }
    }

    mutating func flush() throws {
        guard !buffer.isEmpty else { return }
        // Moved out, because the sink and the buffer are parts of one value.
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        try sink.write(bytes.span)
        flushedBytes += bytes.count
        bytes.removeAll(keepingCapacity: true)
        swap(&bytes, &buffer)
    }
}
