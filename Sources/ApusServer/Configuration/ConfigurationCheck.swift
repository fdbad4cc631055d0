// SPDX-License-Identifier: Apache-2.0

/// Judges values and names (`mqtt-payloads.md` section 5.4): gathers what stops the start and what is only worth a
/// warning.
struct ConfigurationCheck {
    /// Unknown names of a file that get a line of their own.
    static let unknownNamesShownMax = 10

    var problems: [String] = []
    var warnings: [String] = []

    /// The setting of a key, from what the winning place says; nil = no place says anything.
    mutating func setting(_ key: KeyDeclaration, _ entry: ConfigurationSource.Entry?) -> ServerConfiguration.Setting {
        let standard = ServerConfiguration.Setting(key: key, text: key.defaultText, origin: .builtIn)
        guard let entry else { return standard }
        let shown = "\(entry.origin): \(entry.name)=\(key.isSecret ? "******" : entry.text)"
        if key.replacedValues.contains(where: { $0.lowercased() == entry.text.lowercased() }) {
            warnings.append("\(shown): not offered here, \(key.defaultText) is used")
            return standard
        }
        guard key.isValid(entry.text) else {
            problems.append("\(shown): \(key.name) must be \(key.allowed)")
            return standard
        }
        if entry.text != key.defaultText {
            switch key.effect {
            case .works: break
            case .none(let reason): warnings.append("\(shown): has no effect: \(reason)")
            case .unsupported(let reason): problems.append("\(shown): \(reason)")
            }
        }
        return ServerConfiguration.Setting(key: key, text: entry.text, origin: entry.origin)
    }

    /// Names that no key has: by flag they stop the start, in a file the likely slips are named and the rest counted.
    mutating func unknownNames(_ entries: [ConfigurationSource.Entry]) {
        var shown = 0
        var rest: [String] = []
        for entry in entries {
            let nearest = NearestKey.of(entry.name)
            if entry.origin == .flag {
                let hint = nearest.map { "did you mean \($0)?" } ?? "`apus config` lists all"
                problems.append("--set \(entry.name): there is no such key; \(hint)")
            } else if let nearest, shown < Self.unknownNamesShownMax {
                shown += 1
                warnings.append("\(entry.origin): unknown key \(entry.name) ignored; did you mean \(nearest)?")
            } else {
                rest.append(entry.name)
            }
        }
        guard !rest.isEmpty else { return }
        let some = rest.prefix(3).joined(separator: ", ") + (rest.count > 3 ? ", ..." : "")
        warnings.append("\(rest.count) keys that Apus does not have were ignored: \(some)")
    }
}

extension ServerConfiguration {
    /// What no key can judge alone.
    func checkTogether() throws(ConfigurationError) {
        var problems: [String] = []
        let mqtt = self[MQTTKeys.port], rest = self[DoorKeys.restPort]
        if self[MQTTKeys.enable], self[DoorKeys.enableREST], mqtt != 0, mqtt == rest {
            problems.append("\(shown(MQTTKeys.port)): must be another port than \(shown(DoorKeys.restPort))")
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// `place: key=value` for messages.
    func shown<Value>(_ key: ConfigurationKey<Value>) -> String {
        let name = key.declaration.name
        guard let setting = setting(name) else { return name }
        return "\(setting.origin): \(name)=\(setting.shownText)"
    }
}
