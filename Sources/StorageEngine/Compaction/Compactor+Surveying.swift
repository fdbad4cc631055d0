// SPDX-License-Identifier: Apache-2.0

import Catalog
import Synchronization
import TimeSeriesModel

/// What deletions and times to live do to files, as far as it is worth knowing.
extension Compactor {
    /// Looks through files that a deletion or a time to live may touch and that were not looked through since.
    func survey() throws(StorageError) {
        let files = memtables.files.all()
        let deletions = memtables.deletions
        let all = deletions.all()
        let visibility = Visibility(deletions: deletions, now: store.now, partitioning: store.partitioning)
        let lifetimes = Lifetimes(schema, environment.settings)
        var kept: [UInt64: FileSurvey] = [:]
        for file in files where file.damage == nil {
            guard !isStopping else { return }
            guard let database = schema.databaseEntry(of: DatabaseID(rawValue: file.record.databaseID)) else {
                continue
            }
            let relevant = all.filter { $0.mayTouch(file, of: database) }
            let expired = lifetimes.expiredTwentieths(of: file.timeRange, now: store.now)
            guard !relevant.isEmpty || expired > 0 else { continue }
            let key = FileSurvey.Key(
                deletions: relevant.last?.sequence ?? 0, partitions: file.record.partitions.count, expired: expired,
                rules: lifetimes.fingerprint)
            let version = file.record.version
            if let known = state.withLock({ $0.surveys[version] }), known.key == key {
                kept[version] = known
                continue
            }
            let surveyor = FileSurveyor(
                file, try store.readers.reader(of: file), schema: schema, visibility: visibility,
                readers: store.readers, deletions: relevant)
            kept[version] = try surveyor.survey(key)
        }
        state.withLock { $0.surveys = kept }
    }

    /// Has the catalog forget deletions that hide nothing any more. False if there are none.
    func forgetDeletions() throws(StorageError) -> Bool {
        let flushed = flusher.flushedThrough
        let candidates = memtables.deletions.all().filter { $0.sequence <= flushed }
        guard !candidates.isEmpty else { return false }
        let surveys = state.withLock { $0.surveys }
        var needed: Set<DeletionRecord> = []
        for file in memtables.files.all() {
            if let survey = surveys[file.record.version] {
                needed.formUnion(survey.deletions)
            } else if let database = schema.databaseEntry(of: DatabaseID(rawValue: file.record.databaseID)) {
                // Nobody could look through it.
                for deletion in candidates where deletion.mayTouch(file, of: database) {
                    needed.insert(deletion.record)
                }
            } else {
                return false
            }
        }
        let free = candidates.filter { !needed.contains($0.record) }
        guard !free.isEmpty else { return false }
        try commit(CompactionResult(deletions: free))
        return true
    }

    /// The files as the planner wants them, by database.
    func planned(_ files: [StoredFile]) -> [DatabaseID: [PlannedFile]] {
        let old = oldDeletions()
        let surveys = state.withLock { $0.surveys }
        var planned: [DatabaseID: [PlannedFile]] = [:]
        for file in files {
            let record = file.record
            let survey = surveys[record.version]
            let borders = store.partitioning.range(of: record.partitions)
            let isRest = record.minTime < borders.lower || borders.upper < record.maxTime
            let first = max(file.body.partitionsAtFirst, record.partitions.count + (isRest ? 1 : 0))
            planned[DatabaseID(rawValue: record.databaseID), default: []].append(
                PlannedFile(
                    version: record.version, order: record.order, bytes: record.byteCount,
                    partitions: record.partitions, partitionsAtFirst: first, createdAt: record.creationTime,
                    isDamaged: file.damage != nil, hiddenPercent: survey?.hiddenPercent ?? 0,
                    holdsOldDeletion: survey.map { !$0.deletions.isDisjoint(with: old) } ?? false))
        }
        return planned
    }

    /// Deletions for whose sake files are written again: the oldest beyond the number that may be, and those beyond the age.
    private func oldDeletions() -> Set<DeletionRecord> {
        let all = memtables.deletions.all().map(\.record)
        let now = environment.wallClock.nanosecondsSinceEpoch() / 1_000_000
        var old = Set(all.prefix(max(0, all.count - max(0, settings.deletionsMax))))
        let age = settings.deletionAgeMaxMilliseconds
        state.withLock { state in
            var seen: [DeletionRecord: Int64] = [:]
            for deletion in all {
                let first = state.deletionsSeen[deletion] ?? now
                seen[deletion] = first
                if now - first >= age { old.insert(deletion) }
            }
            state.deletionsSeen = seen
        }
        return old
    }
}

extension Deletion {
    /// Whether it may hide something in a file, as far as the catalog can tell.
    func mayTouch(_ file: StoredFile, of database: DatabaseEntry) -> Bool {
        sequence > file.record.throughSequence && range.overlaps(file.timeRange)
            && pattern.mayMatchBelow(database.nodes)
    }

    /// Whether it hides all of a file.
    func covers(_ file: StoredFile, of database: DatabaseEntry) -> Bool {
        guard sequence > file.record.throughSequence, range.lower <= file.timeRange.lower,
            file.timeRange.upper <= range.upper, pattern.nodes.last == "**"
        else { return false }
        let prefix = pattern.nodes.dropLast()
        return prefix.count <= database.nodes.count
            && zip(prefix, database.nodes).allSatisfy { Array($0.utf8) == Array($1.utf8) }
    }
}

/// The rules how long points are kept, as far as they say when a file is worth a look.
struct Lifetimes {
    /// The shortest, in the server's precision; nil = everything is kept for ever.
    let shortest: Int64?
    /// Changes with the rules.
    let fingerprint: Int

    init(_ schema: SchemaStore, _ settings: StorageSettings) {
        var hasher = Hasher()
        var shortest = settings.timeToLiveMilliseconds
        for rule in schema.timeToLives() {
            hasher.combine(rule.pattern.text)
            hasher.combine(rule.milliseconds)
            shortest = min(shortest ?? .max, rule.milliseconds)
        }
        let scaled = shortest?.multipliedReportingOverflow(by: settings.precision.unitsPerSecond / 1_000)
        self.shortest = scaled.flatMap { $0.overflow ? nil : $0.partialValue }
        fingerprint = hasher.finalize()
    }

    /// How much of a file's time range is over for the shortest-lived points, in twentieths; 21 = more than all of it.
    func expiredTwentieths(of times: TimeRange, now: Timestamp) -> Int {
        guard let shortest else { return 0 }
        let (limit, isOverflow) = now.subtractingReportingOverflow(shortest)
        guard !isOverflow, limit > times.lower else { return 0 }
        guard limit <= times.upper else { return 21 }
        let share = (Double(limit) - Double(times.lower)) / max(1, Double(times.upper) - Double(times.lower))
        return 1 + Int(max(0, min(19, share * 20)))
    }
}
