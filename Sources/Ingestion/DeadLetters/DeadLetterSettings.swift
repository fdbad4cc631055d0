// SPDX-License-Identifier: Apache-2.0

/// Bounds of the dead-letter store.
package struct DeadLetterSettings: Sendable {
    /// `mqtt_dead_letter_max_bytes`: bytes of all kept records; oldest out first; 0 = keep none.
    package var bytesMax = 64 * 1024 * 1024
    /// `mqtt_dead_letter_rate`: records a second kept for one client and code, so that a flood does not wear the disk out.
    package var recordsPerSecondMax = 10

    package init() {}
}

/// Admits at most so many records a second for one client and code; what it turns away is counted by the caller.
struct DeadLetterRateLimiter {
    /// Clients and codes told apart in one second; beyond, none is admitted until the next.
    static let entriesMax = 4_096

    private let perSecond: Int
    private var second: Int64 = .min
    private var admitted: [Key: Int] = [:]

    private struct Key: Hashable {
        /// Clients that share a hash share the rate; their identifiers can be long.
        var client: Int
        var code: UInt8
    }

    init(perSecond: Int) { self.perSecond = perSecond }

    mutating func admits(clientID: String, code: UInt8, milliseconds: Int64) -> Bool {
        let now = milliseconds / 1_000
        if now != second {
            second = now
            admitted.removeAll(keepingCapacity: true)
        }
        let key = Key(client: clientID.hashValue, code: code)
        let count = admitted[key] ?? 0
        guard count < perSecond, count > 0 || admitted.count < Self.entriesMax else { return false }
        admitted[key] = count + 1
        return true
    }
}
