// SPDX-License-Identifier: Apache-2.0

/// `log_format`.
enum LogFormat: String, Sendable {
    case text
    case json
}

/// One message, before it is a line.
struct LogMessage {
    /// `2026-01-31T23:59:59.123Z`.
    var time: String
    var level: String
    var label: String
    var text: String
    /// Sorted by key.
    var metadata: [(key: String, value: String)]
}

extension LogFormat {
    /// The line of a message with its line feed. Whatever the text holds, it stays one line, so that nobody forges
    /// another.
    func line(_ message: LogMessage) -> String {
        switch self {
        case .text: textLine(message)
        case .json: jsonLine(message)
        }
    }

    private func textLine(_ message: LogMessage) -> String {
        let level = message.level.uppercased()
        let padding = String(repeating: " ", count: max(1, 9 - level.count))
        var line = "\(message.time) \(level)\(padding)\(message.label): \(Self.escaped(message.text, quotes: false))"
        for (key, value) in message.metadata {
            let needsQuotes = value.isEmpty || value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" })
            line +=
                needsQuotes
                ? " \(key)=\"\(Self.escaped(value, quotes: true))\"" : " \(key)=\(Self.escaped(value, quotes: false))"
        }
        return line + "\n"
    }

    private func jsonLine(_ message: LogMessage) -> String {
        var fields = [
            ("time", message.time), ("level", message.level), ("logger", message.label), ("message", message.text),
        ]
        let own = Set(fields.map(\.0))
        // Metadata must not make a key appear twice.
        fields += message.metadata.map { (own.contains($0.key) ? "metadata_\($0.key)" : $0.key, $0.value) }
        let members = fields.map { name, value in
            "\"\(Self.escaped(name, quotes: true))\":\"\(Self.escaped(value, quotes: true))\""
        }
        return "{" + members.joined(separator: ",") + "}\n"
    }

    /// Control characters as JSON writes them; quotes and backslashes where they would end a string.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\"" where quotes: result += "\\\""
            case "\\" where quotes: result += "\\\\"
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
