// SPDX-License-Identifier: Apache-2.0

/// What formatters need while they fill rows.
extension IncomingRows {
    /// Appends bytes to the text.
    package mutating func appendText(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in unsafe text.append(contentsOf: buffer) }
    }

    /// Takes back all rows and reports but keeps the text: the payload turned out to be unreadable.
    package mutating func withdraw() {
        groups.removeAll(keepingCapacity: true)
        measurements.removeAll(keepingCapacity: true)
        declaredTypes.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
        rowIndexes.removeAll(keepingCapacity: true)
        usesArrivalTime.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        if !problems.isEmpty {
            problems.removeAll(keepingCapacity: true)
            for index in problemCounts.indices { problemCounts[index] = 0 }
        }
        refusedRows = 0
        for index in oddities.indices { oddities[index] = 0 }
    }

    /// Marks the row that is appended to `times` next as one without a time of its own.
    package mutating func noteArrivalTime() {
        while usesArrivalTime.count < times.count { usesArrivalTime.append(false) }
        usesArrivalTime.append(true)
    }

    /// Makes `usesArrivalTime` as long as `times`, unless no row needs it. Call once, at the end.
    package mutating func completeArrivalFlags() {
        guard !usesArrivalTime.isEmpty else { return }
        while usesArrivalTime.count < times.count { usesArrivalTime.append(false) }
    }
}
