// SPDX-License-Identifier: Apache-2.0

package import TimeSeriesModel

/// IoTDB's JSON payload: an object with one row or a batch of rows, or an array of such (`mqtt-payloads.md` section 2).
///
/// Text that is not JSON refuses the payload as a whole and withdraws what was read before the error; otherwise every element,
/// and inside a batch every row, is judged alone. Paths and value types are judged later, by whoever writes the rows.
package struct JSONPayloadFormatter: PayloadFormatter {
    package let settings: JSONFormatSettings

    package init(settings: JSONFormatSettings = JSONFormatSettings()) { self.settings = settings }

    package var name: String { "json" }

    /// The topic plays no part. `rows` must be empty, because ranges of the payload become ranges of its text.
    package func format(
        topic: Span<UInt8>, payload: Span<UInt8>, publisher: borrowing PublisherFacts, into rows: inout IncomingRows
    ) {
        precondition(rows.text.isEmpty, "the caller empties the rows before each message")
        rows.appendText(payload)
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: payload)
        } catch {
            let offset = error.byteOffsets.lowerBound
            rows.report(.badUTF8, keeping: 1) { _ in
                Problem(.badUTF8, .payload, offset: offset, "invalid UTF-8 at byte \(offset); JSON text is UTF-8")
            }
            return
        }
        var reader = JSONReader(payload, settings: settings)
        do throws(JSONSyntaxError) {
            try reader.readDocument(into: &rows)
        } catch {
            rows.withdraw()
            let problem = error.problem(payload)
            rows.report(problem.code, keeping: 1) { _ in problem }
        }
    }
}
