// SPDX-License-Identifier: Apache-2.0

/// A declared key and how its text becomes a value. Keys are declared once, in the files of `Keys/`.
package struct ConfigurationKey<Value: Sendable>: Sendable {
    package let declaration: KeyDeclaration
    let read: @Sendable (String) -> Value?

    /// What most keys do not need to say.
    struct Details {
        var difference = ""
        var aliases: [String] = []
        var isSecret = false
        var effect = KeyDeclaration.Effect.works
        var replacedValues: [String] = []
    }

    init(
        _ name: String, _ group: KeyDeclaration.Group, type: String, allowed: String, default defaultText: String,
        _ text: String, _ details: Details, read: @escaping @Sendable (String) -> Value?
    ) {
        self.read = read
        declaration = KeyDeclaration(
            name: name, group: group, type: type, allowed: allowed, defaultText: defaultText, text: text,
            difference: details.difference, aliases: details.aliases, isSecret: details.isSecret,
            effect: details.effect, replacedValues: details.replacedValues, isValid: { read($0) != nil })
    }
}

extension ConfigurationKey.Details {
    static func iotdb(_ difference: String) -> Self { Self(difference: difference) }
    static func noEffect(_ reason: String) -> Self { Self(effect: .none(reason)) }
    static func unsupported(_ reason: String) -> Self { Self(effect: .unsupported(reason)) }
}

/// `true` or `false`, any case.
func booleanKey(
    _ name: String, _ group: KeyDeclaration.Group, default value: Bool, _ text: String,
    _ details: ConfigurationKey<Bool>.Details = .init()
) -> ConfigurationKey<Bool> {
    ConfigurationKey(
        name, group, type: "boolean", allowed: "true or false", default: "\(value)", text, details
    ) { text in
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }
}

/// A decimal whole number in a range; `unit` is the word of the documentation (`bytes`, `ms`, ...).
func integerKey(
    _ name: String, _ group: KeyDeclaration.Group, _ range: ClosedRange<Int>, unit: String = "number",
    default value: Int,
    _ text: String, _ details: ConfigurationKey<Int>.Details = .init()
) -> ConfigurationKey<Int> {
    let allowed =
        range.upperBound == .max
        ? "a whole number, at least \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return ConfigurationKey(name, group, type: unit, allowed: allowed, default: "\(value)", text, details) { text in
        guard let number = Int(text), range.contains(number) else { return nil }
        return number
    }
}

/// One of some words, any case; the value is the word as it is declared.
func choiceKey(
    _ name: String, _ group: KeyDeclaration.Group, _ words: [String], default word: String, _ text: String,
    _ details: ConfigurationKey<String>.Details = .init()
) -> ConfigurationKey<String> {
    ConfigurationKey(
        name, group, type: "word", allowed: listing(words), default: word, text, details
    ) { text in
        words.first { $0.lowercased() == text.lowercased() }
    }
}

/// Any text; an empty one only where `mayBeEmpty`.
func textKey(
    _ name: String, _ group: KeyDeclaration.Group, type: String = "text", mayBeEmpty: Bool = false,
    default value: String, _ text: String, _ details: ConfigurationKey<String>.Details = .init()
) -> ConfigurationKey<String> {
    ConfigurationKey(
        name, group, type: type, allowed: mayBeEmpty ? "any text" : "a text that is not empty", default: value, text,
        details
    ) { text in
        text.isEmpty && !mayBeEmpty ? nil : text
    }
}

/// `a`, `a or b`, `a, b or c`.
func listing(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
}
