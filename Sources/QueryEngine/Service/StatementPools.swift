// SPDX-License-Identifier: Apache-2.0

/// Where a statement does its work. Each place has threads of its own, so that reading never waits for storing, nor storing for
/// what takes minutes.
enum StatementPlace: Sendable {
    /// Parsing, planning, reading.
    case reading
    /// Waits for a commit: milliseconds, unless the log is slow.
    case storing
    /// May take minutes: FLUSH, LOAD, BACKUP.
    case lasting
}

extension Statement {
    var place: StatementPlace {
        switch self {
        case .insert, .delete, .createDatabase, .createSeries, .drop, .timeToLive: .storing
        case .flush, .load, .backup: .lasting
        case .select, .show, .count, .users, .unsupported: .reading
        }
    }
}

/// The threads of all places.
struct StatementPools: Sendable {
    let reading: QueryThreads
    private let storing: QueryThreads
    private let lasting: QueryThreads

    /// Starts the threads.
    init(_ settings: QuerySettings) {
        reading = QueryThreads(count: settings.threadCount, queueMax: settings.queueMax)
        storing = QueryThreads(count: settings.storingThreadCount, queueMax: settings.queueMax)
        // One LOAD at a time, a BACKUP and a FLUSH beside it.
        lasting = QueryThreads(count: 3, queueMax: settings.queueMax)
    }

    func threads(for place: StatementPlace) -> QueryThreads {
        switch place {
        case .reading: reading
        case .storing: storing
        case .lasting: lasting
        }
    }

    /// Ends the threads after the work under way; blocking.
    func close() {
        lasting.close()
        storing.close()
        reading.close()
    }
}
