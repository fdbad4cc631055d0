// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// The arrival times given to devices whose payloads have none (B15): no device gets one twice, not even when the clock
/// is set back.
///
/// Devices are told apart by a hash, so that names take no memory; two that share it only get later times.
struct ArrivalTimes {
    private let devicesMax: Int
    private var last: [Int: Timestamp] = [:]
    /// No device that was forgotten has got a later time than this.
    private var floor: Timestamp?

    init(devicesMax: Int) { self.devicesMax = devicesMax }

    /// Now, but at least one more than the last time given to the device.
    mutating func next(for device: String, now: Timestamp) -> Timestamp {
        let key = device.hashValue
        var time = now
        if let previous = last[key] ?? floor { time = max(now, previous &+ 1) }
        if last.count >= devicesMax, last[key] == nil { forget() }
        last[key] = time
        return time
    }

    private mutating func forget() {
        if let newest = last.values.max() { floor = max(floor ?? newest, newest) }
        last.removeAll(keepingCapacity: true)
    }
}
