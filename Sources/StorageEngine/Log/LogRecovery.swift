// SPDX-License-Identifier: Apache-2.0

import Logging
import ServerMetrics
import TimeSeriesModel

/// Replays the log after the last checkpoint, at start.
struct LogRecovery {
    let environment: StorageEnvironment
    let schema: SchemaStore
    let memtables: MemtableSet
    let flusher: Flusher
    let flushedThrough: LogSequence
    private let participants: [UInt8: any LogParticipant]

    private var decoder = TabletDecoder()
    /// The records of a batch whose last one has not come yet.
    private var group: [(sequence: LogSequence, bytes: [UInt8])] = []
    private(set) var records = 0
    private(set) var bytes = 0
    private(set) var points = 0
    /// Everything up to here was set aside for flushing, or is in files.
    private(set) var lastFrozen: LogSequence

    init(
        environment: StorageEnvironment, schema: SchemaStore, memtables: MemtableSet, flusher: Flusher,
        participants: [any LogParticipant], flushedThrough: LogSequence
    ) {
        self.environment = environment
        self.schema = schema
        self.memtables = memtables
        self.flusher = flusher
        self.flushedThrough = flushedThrough
        self.participants = Dictionary(uniqueKeysWithValues: participants.map { ($0.participant, $0) })
        lastFrozen = flushedThrough
    }

    /// Where a replayed log ends.
    struct Outcome {
        var end: SegmentChainEnd
        /// A last segment that holds nothing: its successor takes its place.
        var abandoned: [UInt64] = []
        var nextSequence: LogSequence
    }

    /// Replays the chain.
    mutating func replay(_ folder: SegmentFolder, registry: SegmentRegistry) throws(StorageError) -> Outcome {
        let links = folder.links
        var progress = RecoveryProgress(totalBytes: folder.byteCount, segments: links.count, environment)
        var outcome = Outcome(
            end: SegmentChainEnd(number: 0, end: 0, lastUsedNumber: folder.lastUsedNumber),
            nextSequence: flushedThrough + 1)
        for (index, link) in links.enumerated() {
            if index > 0 { try check(links[index - 1], endsWhere: outcome.nextSequence, successor: link) }
            let position = try replay(link, folder, &progress)
            progress.finishSegment(position.end)
            outcome.nextSequence = max(outcome.nextSequence, position.nextSequence)
            outcome.end.number = link.header.number
            outcome.end.end = position.end
            if index + 1 < links.count {
                registry.seal(
                    .init(number: link.header.number, lastSequence: position.nextSequence - 1, byteCount: position.end))
            } else if link.byteCount <= SegmentHeader.byteCount {
                // However often a server starts and ends: no chain of segments without records.
                outcome.abandoned = [link.header.number]
                outcome.end.number = link.header.previousNumber
                outcome.end.end = Int(clamping: link.header.previousEnd)
                outcome.end.isSealed = true
            }
        }
        memtables.active.publish()
        progress.finish(
            segments: links.count, records: records, points: points, through: outcome.nextSequence - 1)
        note(progress)
        return outcome
    }

    private func note(_ progress: RecoveryProgress) {
        let seconds = progress.seconds, bytes = Double(progress.bytes)
        environment.metrics.observe("apus_recovery_seconds", help: "How long the last start replayed the log.") {
            seconds
        }
        environment.metrics.observe("apus_recovery_bytes", help: "Bytes of log that the last start replayed.") { bytes }
    }

    private func check(
        _ link: SegmentFolder.Link, endsWhere nextSequence: LogSequence, successor: SegmentFolder.Link
    ) throws(StorageError) {
        guard nextSequence != successor.header.firstSequence else { return }
        let name = environment.fileSystem.displayName(of: SegmentName.path(link.header.number))
        throw StorageError(
            .corrupt,
            "\(name) is damaged: it ends before sequence \(nextSequence), and its successor begins with "
                + "\(successor.header.firstSequence). \(SegmentFolder.remedy)")
    }

    /// Replays one segment; returns where it ends and the sequence after its last whole batch.
    private mutating func replay(
        _ link: SegmentFolder.Link, _ folder: SegmentFolder, _ progress: inout RecoveryProgress
    ) throws(StorageError) -> (end: Int, nextSequence: LogSequence) {
        let name = environment.fileSystem.displayName(of: SegmentName.path(link.header.number))
        let isLast = link.end == nil
        let file = try folder.open(link)
        defer { file.close() }
        let limit = Int(clamping: link.end ?? UInt64(file.byteCount))
        guard limit <= file.byteCount else {
            throw StorageError(
                .corrupt,
                "\(name) is damaged at offset \(file.byteCount): it ends there, and \(limit) bytes are needed. "
                    + SegmentFolder.remedy)
        }
        var reader = SegmentReader(file: file, header: link.header, limit: limit)
        var whole = (end: reader.offset, nextSequence: link.header.firstSequence)
        while true {
            let start = reader.offset
            switch try reader.next() {
            case .success(let header):
                do throws(RecordError) {
                    guard try take(header, reader.bytes) else { continue }
                } catch {
                    throw StorageError(
                        .corrupt, "\(name) is damaged at offset \(start): \(error.reason). \(SegmentFolder.remedy)")
                }
                whole = (reader.offset, reader.expectedSequence)
                progress.reached(reader.offset)
                try flushIfFull(through: header.sequence)
            case .failure(let end):
                let isUnfinished = whole.end < start
                group.removeAll()
                if end.reason == nil, !isUnfinished { return whole }
                guard isLast else {
                    throw StorageError(
                        .corrupt,
                        "\(name) is damaged at offset \(start): \(end.reason ?? "a batch has no end"). "
                            + SegmentFolder.remedy)
                }
                try explainTail(reader, name, whole.end, reason: end.reason ?? "a batch has no end")
                return whole
            }
        }
    }

    /// The last segment may end in what a crash left of a commit; but not if a later commit follows.
    private func explainTail(
        _ reader: SegmentReader, _ name: String, _ end: Int, reason: String
    ) throws(StorageError) {
        if let later = try TailScan(reader: reader).recordOfLaterCommit() {
            throw StorageError(
                .corrupt,
                "\(name) is damaged at offset \(reader.offset): \(reason), but at offset \(later) a record follows that was "
                    + "written when all before it was safe. \(SegmentFolder.remedy)")
        }
        environment.logger.notice(
            "the log ends in an unfinished commit, which was never acknowledged",
            metadata: [
                "file": "\(name)", "offset": "\(end)", "bytes": "\(reader.limit - end)", "reason": "\(reason)",
            ])
    }

    /// Takes a record in; true when a batch is whole with it.
    private mutating func take(_ header: RecordHeader, _ record: Span<UInt8>) throws(RecordError) -> Bool {
        guard Int(header.part) == group.count else {
            throw RecordError(reason: "part \(header.part) of a batch comes where part \(group.count) should")
        }
        if header.continues {
            group.append((header.sequence, unsafe record.withUnsafeBufferPointer { unsafe Array($0) }))
            return false
        }
        for part in group { try apply(part.bytes.span, part.sequence) }
        group.removeAll()
        try apply(record, header.sequence)
        return true
    }

    private mutating func apply(_ record: Span<UInt8>, _ sequence: LogSequence) throws(RecordError) {
        guard sequence > flushedThrough else { return }
        records += 1
        bytes += record.count
        var sections = SectionCursor(record)
        while try sections.next() {
            switch sections.kind {
            case .tablet: try apply(tablet: sections.bytes)
            case .deletion: apply(try Deletion(decoding: sections.bytes, sequence: sequence))
            case .participant:
                guard let participant = participants[sections.detail] else {
                    throw RecordError(reason: "nobody here knows changes of participant \(sections.detail)")
                }
                participant.replay(sections.bytes, sequence: sequence)
            case .database, .device, .series, .drop, .timeToLive:
                guard let change = try SchemaChange(sections.kind, detail: sections.detail, decoding: sections.bytes)
                else { continue }
                do throws(DefinitionError) {
                    try schema.replay(change, sequence: sequence)
                } catch {
                    throw RecordError(reason: error.reason)
                }
            }
        }
    }

    /// As a commit with a deletion does.
    private func apply(_ deletion: Deletion) {
        memtables.active.publish()
        memtables.seal(before: deletion.sequence, now: environment.monotonicClock.nanoseconds())
        memtables.publish([deletion])
    }

    private mutating func apply(tablet: Span<UInt8>) throws(RecordError) {
        let memtable = memtables.active
        var count = 0
        try decoder.decode(tablet) { [schema] column, times, values, bytes throws(RecordError) in
            guard let series = schema.entry(of: column.series) else {
                // Rows on their way when the series was dropped.
                if schema.wasGiven(column.series) { return }
                throw RecordError(reason: "rows name the unknown series \(column.series.rawValue)")
            }
            guard series.type == column.type else {
                throw RecordError(
                    reason:
                        "rows of series \(column.series.rawValue) are \(column.type.name), and it is \(series.type.name)"
                )
            }
            memtable.append(series: column.series, type: column.type, times: times, values: values, bytes: bytes)
            count += times.count
        }
        points += count
    }

    /// A log longer than memory is flushed on the way.
    private mutating func flushIfFull(through sequence: LogSequence) throws(StorageError) {
        guard sequence > flushedThrough, memtables.isFreezeDue(environment.settings) else { return }
        memtables.active.publish()
        memtables.freeze(through: sequence, now: environment.monotonicClock.nanoseconds())
        lastFrozen = sequence
        guard flusher.flushOldest() else {
            throw flusher.failure ?? StorageError(.io, "the log could not be flushed while it was replayed")
        }
    }
}
