// SPDX-License-Identifier: Apache-2.0

import NIOCore
import QueryEngine
import TimeSeriesModel

/// Gathers the blocks of a result in the column-major form of `/rest/v2/query` (`iotdb-rest.md` section 4.1).
struct QueryAnswer {
    private let columns: [ResultColumn]
    private let hasTime: Bool
    private let kind: ResultSet.Kind
    private let rowLimit: Int
    private let bytesMax: Int
    private var rowCount = 0
    private var times = ByteBuffer()
    private var values: [ByteBuffer]

    init(_ result: ResultSet, rowLimit: Int, bytesMax: Int) {
        columns = result.columns
        hasTime = result.hasTime
        kind = result.kind
        self.rowLimit = rowLimit
        self.bytesMax = bytesMax
        values = [ByteBuffer](repeating: ByteBuffer(), count: result.columns.count)
    }

    /// Takes the rows of a block; 708 beyond the row limit, 709 beyond the memory for answers.
    mutating func append(_ block: ResultBlock) throws(StatusAnswer) {
        guard block.rowCount <= rowLimit - rowCount else {
            throw StatusAnswer(708, "Dataset row size exceeded the given max row size (\(rowLimit))")
        }
        for time in block.times { times.writeElement { $0.writeString(String(time)) } }
        for (index, column) in block.columns.enumerated() { append(column, rowCount: block.rowCount, to: index) }
        rowCount += block.rowCount
        guard values.reduce(times.readableBytes, { $0 + $1.readableBytes }) <= bytesMax else {
            throw StatusAnswer(
                709, "the answer is longer than the \(bytesMax) bytes of rest_response_bytes_max; ask for fewer rows")
        }
    }

    private mutating func append(_ column: ResultValues, rowCount: Int, to index: Int) {
        var position = 0
        for row in 0..<rowCount {
            guard column.isPresent(row) else {
                values[index].writeElement { $0.writeStaticString("null") }
                continue
            }
            let value = column.values[position]
            values[index].writeElement { $0.writeJSON(value) }
            position += 1
        }
    }

    /// The JSON object, every field present, in the order of the specification.
    consuming func body() -> ByteBuffer {
        var body = ByteBuffer()
        let names = columns.map(\.name)
        body.writeStaticString("{\"expressions\":")
        kind == .select ? body.writeJSON(strings: names) : body.writeNull()
        body.writeStaticString(",\"column_names\":")
        kind == .listing ? body.writeJSON(strings: names) : body.writeNull()
        body.writeStaticString(",\"data_types\":")
        body.writeJSON(strings: columns.map(\.type.name))
        body.writeStaticString(",\"timestamps\":")
        if hasTime { body.writeList(&times) } else { body.writeNull() }
        body.writeStaticString(",\"values\":[")
        if rowCount > 0 {
            for index in values.indices {
                if index > 0 { body.writeStaticString(",") }
                body.writeList(&values[index])
            }
        }
        body.writeStaticString("]}")
        return body
    }
}

extension ByteBuffer {
    /// Writes one element of a list, after a comma if there is one before it.
    fileprivate mutating func writeElement(_ write: (inout ByteBuffer) -> Void) {
        if readableBytes > 0 { writeStaticString(",") }
        write(&self)
    }

    fileprivate mutating func writeList(_ elements: inout ByteBuffer) {
        writeStaticString("[")
        writeBuffer(&elements)
        writeStaticString("]")
    }

    fileprivate mutating func writeNull() { writeStaticString("null") }
}
