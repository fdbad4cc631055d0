// SPDX-License-Identifier: Apache-2.0

import Configuration

/// The values of one place (a file, the environment, the flags) under the current names of their keys.
///
/// Values are texts: what they mean is the key's affair, so that an error can name the place, which the library's own
/// providers cannot.
struct ConfigurationSource: Sendable {
    struct Entry: Sendable, Equatable {
        /// The name that was used, which may be an older one.
        var name: String
        var text: String
        var origin: ConfigurationOrigin
    }

    let providerName: String
    private(set) var entries: [String: Entry] = [:]
    /// Names that no key has.
    private(set) var unknown: [Entry] = []

    private init(name: String) { providerName = name }

    /// A later entry wins over an earlier one, and the current name of a key over its older ones.
    private mutating func add(_ entry: Entry) {
        guard let key = KeyDeclaration.named(entry.name) else {
            unknown.append(entry)
            return
        }
        if entry.name != key.name, entries[key.name]?.name == key.name { return }
        entries[key.name] = entry
    }

    /// The content of a properties file.
    init(file path: String, _ content: [PropertiesEntry]) {
        self.init(name: path)
        for line in content {
            add(Entry(name: line.key, text: line.value, origin: .file(path: path, line: line.line)))
        }
    }

    /// `--set key=value`, in order.
    init(flags: [String]) throws(ConfigurationError) {
        self.init(name: "--set")
        for flag in flags {
            guard let separator = flag.firstIndex(of: "=") else {
                throw ConfigurationError("--set \(flag): write --set key=value")
            }
            let name = trimmed(flag[..<separator]), text = trimmed(flag[flag.index(after: separator)...])
            add(Entry(name: name, text: text, origin: .flag))
        }
    }

    /// The variables that are the upper-case name of a key. An empty variable is as good as none: that is how compose
    /// files hand on what is not set.
    init(environment: [String: String]) {
        self.init(name: "environment")
        for key in KeyDeclaration.all {
            for name in key.names {
                let variable = KeyDeclaration.environmentVariable(name)
                guard let value = environment[variable], !trimmed(value).isEmpty else { continue }
                add(Entry(name: name, text: trimmed(value), origin: .environment(variable)))
            }
        }
    }
}

extension ConfigurationSource: ConfigProvider, ConfigSnapshot {
    /// All values are texts here; another type is asked for by nobody.
    func value(forKey key: AbsoluteConfigKey, type: ConfigType) -> LookupResult {
        let name = key.components.joined(separator: ".")
        guard let entry = entries[name] else { return LookupResult(encodedKey: name, value: nil) }
        let isSecret = KeyDeclaration.named(name)?.isSecret ?? false
        return LookupResult(encodedKey: entry.name, value: ConfigValue(.string(entry.text), isSecret: isSecret))
    }

    func fetchValue(forKey key: AbsoluteConfigKey, type: ConfigType) async -> LookupResult {
        value(forKey: key, type: type)
    }

    func watchValue<Return: ~Copyable>(
        forKey key: AbsoluteConfigKey, type: ConfigType,
        updatesHandler: (ConfigUpdatesAsyncSequence<Result<LookupResult, any Error>, Never>) async throws -> Return
    ) async throws -> Return {
        try await watchValueFromValue(forKey: key, type: type, updatesHandler: updatesHandler)
    }

    func snapshot() -> any ConfigSnapshot { self }

    func watchSnapshot<Return: ~Copyable>(
        updatesHandler: (ConfigUpdatesAsyncSequence<any ConfigSnapshot, Never>) async throws -> Return
    ) async throws -> Return {
        try await watchSnapshotFromSnapshot(updatesHandler: updatesHandler)
    }
}

/// Without blanks at both ends.
func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
}
