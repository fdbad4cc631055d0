// SPDX-License-Identifier: Apache-2.0

/// Names of measurements: exactly one node, judged more strictly than those of a device (`mqtt-payloads.md` section 6.2).
package enum MeasurementName {
    /// The canonical form of a name as written by a client.
    ///
    /// With `quotingIllegal` (`mqtt_quote_illegal_measurements`) a name that would be refused is taken for the content of a
    /// quoted node instead; empty names, tabs, line breaks and lengths beyond ``PathLimits`` are refused all the same.
    package static func canonical(_ name: Span<UInt8>, quotingIllegal: Bool) throws(PathError) -> String {
        guard !name.isEmpty else { throw PathError(message: "a measurement name is empty; give every column a name") }
        guard (try? UTF8Span(validating: name)) != nil else {
            throw PathError(message: "measurement \(TextExcerpt.make(name)) is not UTF-8")
        }
        let result: String
        if let content = PathNode.unquoted(name), NodeCharacters.isQuotable(content.span) {
            result = PathNode.canonical(content: content.span)
        } else if let defect = defect(name) {
            guard quotingIllegal, NodeCharacters.isQuotable(name) else {
                throw PathError(message: "illegal measurement name \(TextExcerpt.make(name)): \(defect)")
            }
            result = PathNode.canonical(content: name)
        } else {
            result = PathNode.string(name)
        }
        guard result.utf8.count <= PathLimits.nodeBytesMax else {
            throw PathError(
                code: .pathLimit,
                message: "measurement \(TextExcerpt.make(name)) has \(result.utf8.count) bytes; "
                    + "at most \(PathLimits.nodeBytesMax)")
        }
        return result
    }

    /// Why the name cannot stand unquoted, with the remedy; nil if it can.
    private static func defect(_ name: Span<UInt8>) -> String? {
        let remedy = "write it in back quotes, or set mqtt_quote_illegal_measurements=true"
        guard NodeCharacters.isQuotable(name) else { return "it has a tab or line break; remove it" }
        if name[0] == UInt8(ascii: "`") {
            return "its back quotes are not correct; one at each end, an inner one doubled, something between them"
        }
        if NodeCharacters.classify(name) != .plain {
            return "only letters, digits, _ and U+2E80-U+9FFF may stand unquoted; \(remedy)"
        }
        if NodeCharacters.isRealNumber(name) { return "it reads as a number; \(remedy)" }
        if NodeCharacters.isReserved(name) { return "time, timestamp and root are reserved; \(remedy)" }
        return nil
    }
}
