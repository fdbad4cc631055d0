// SPDX-License-Identifier: Apache-2.0

import Foundation
import QueryEngine

/// A named zone (`Europe/Berlin`) by the machine's zone database.
struct SystemZone: ZoneRules {
    private let zone: TimeZone

    /// nil = there is no such zone.
    init?(id: String) {
        guard let zone = TimeZone(identifier: id) else { return nil }
        self.zone = zone
    }

    func offsetSeconds(atSeconds seconds: Int64) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }

    func offsetSeconds(atLocalSeconds seconds: Int64) -> Int {
        // A clock that goes forward or back does so by less than a day: the offsets a day before and after are the two
        // candidates, and the one before is right unless it leads behind the change.
        let before = offsetSeconds(atSeconds: seconds - Int64(offsetSeconds(atSeconds: seconds - 86_400)) - 86_400)
        let after = offsetSeconds(atSeconds: seconds + 86_400 - Int64(offsetSeconds(atSeconds: seconds + 86_400)))
        if offsetSeconds(atSeconds: seconds - Int64(before)) == before { return before }
        return offsetSeconds(atSeconds: seconds - Int64(after)) == after ? after : before
    }
}
