// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ApusServer

@Suite struct KeyTableTests {
    @Test func namesAreUnique() {
        let names = KeyDeclaration.all.flatMap(\.names)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil })
    }

    @Test func defaultsAreLegal() {
        for key in KeyDeclaration.all { #expect(key.isValid(key.defaultText), "\(key.name)") }
    }

    /// The manual's table (`mqtt-payloads.md` section 5.1).
    @Test(arguments: [
        ("enable_mqtt_service", "false"), ("mqtt_host", "0.0.0.0"), ("mqtt_port", "1883"),
        ("mqtt_handler_pool_size", "1"), ("mqtt_payload_formatter", "json"), ("mqtt_max_message_size", "1048576"),
    ])
    func defaultsOfTheManual(name: String, value: String) {
        #expect(KeyDeclaration.named(name)?.defaultText == value)
    }

    @Test func textsAreSentences() {
        for key in KeyDeclaration.all { #expect(key.text.hasSuffix("."), "\(key.name)") }
    }

    @Test(arguments: [
        ("mqtt_port", "mqtt_port", 0), ("mqtt_prot", "mqtt_port", 1), ("", "abc", 3), ("abc", "", 3), ("", "", 0),
        ("kitten", "sitting", 3), ("a", "b", 1),
    ])
    func editDistance(a: String, b: String, expected: Int) {
        #expect(NearestKey.distance(Array(a.utf8), Array(b.utf8)) == expected)
    }

    @Test func nearestKeyNamesTheCurrentNameAndNothingFarAway() {
        #expect(NearestKey.of("default_storage_group_leve") == "default_database_level")
        #expect(NearestKey.of("MQTT_PORT") == "mqtt_port")
        #expect(NearestKey.of("compaction_priority") == nil)
    }
}
