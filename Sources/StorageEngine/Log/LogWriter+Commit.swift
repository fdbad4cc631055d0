// SPDX-License-Identifier: Apache-2.0

import ServerMetrics
import TimeSeriesModel

extension LogWriter {
    /// Bytes of records that are gathered for one write; longer ones are written as they are.
    private static let stagingBytesMax = 256 * 1024

    /// Makes everything in flight durable and visible, then tells who waits for it.
    mutating func commit() throws(StorageError) {
        if !isNumbered { number() }
        if hasRecords {
            let bytes = try write()
            if !isApplied {
                apply()
                noteUnfrozen(bytes)
            }
            try sync()
            publish()
            tellParticipants()
            metrics.commits.increment()
            metrics.bytes.increment(by: UInt64(bytes))
        }
        noteWritten()
        complete()
    }

    /// Gives every record in flight its sequence.
    mutating func number() {
        for index in inFlight.indices {
            inFlight[index].firstSequence = nextSequence
            nextSequence += UInt64(inFlight[index].partCount)
        }
        isNumbered = true
    }

    /// Writes all records in flight; returns their bytes.
    private mutating func write() throws(StorageError) -> Int {
        if let open = chain.open, open.file.byteCount < environment.settings.segmentBytesMax {
            // It has room.
        } else {
            try chain.start(firstSequence: inFlight[0].firstSequence)
        }
        guard let open = chain.open else { throw StorageError(.closed, "the log is closed") }
        let commitStart = open.file.byteCount
        staging.removeAll()
        for index in inFlight.indices {
            for part in 0..<inFlight[index].partCount {
                inFlight[index].buffer.stampRecord(
                    inFlight[index].range(ofPart: part), sequence: inFlight[index].firstSequence + UInt64(part),
                    part: part,
                    continues: part + 1 < inFlight[index].partCount, tag: open.tag, commitStart: commitStart)
            }
            let buffer = inFlight[index].buffer
            try put(buffer.bytes, into: open.file)
        }
        try open.file.append(staging.bytes)
        return open.file.byteCount - commitStart
    }

    private mutating func put(_ bytes: Span<UInt8>, into file: any StorageFile) throws(StorageError) {
        if staging.count + bytes.count > Self.stagingBytesMax {
            try file.append(staging.bytes)
            staging.removeAll()
        }
        if bytes.count > Self.stagingBytesMax {
            try file.append(bytes)
        } else {
            _ = staging.store(bytes, at: staging.extend(by: bytes.count))
        }
    }

    private mutating func sync() throws(StorageError) {
        guard let open = chain.open else { throw StorageError(.closed, "the log is closed") }
        let start = environment.monotonicClock.nanoseconds()
        try open.file.sync()
        metrics.syncLatency.record(nanoseconds: environment.monotonicClock.nanoseconds() - start)
        chain.synced()
    }

    /// Shows rows and hides what was deleted, in one step.
    private mutating func publish() {
        memtables.publish(deletions)
        deletions.removeAll()
        guard !changes.isEmpty else { return }
        schema.synced(changes)
        changes.removeAll()
    }

    /// Puts the rows into the memtable, where nobody sees them yet. Once a commit, however often it is written.
    private mutating func apply() {
        if let first = inFlight.first, changes.contains(where: \.deletesPoints) {
            memtables.seal(before: first.firstSequence, now: environment.monotonicClock.nanoseconds())
        }
        let memtable = memtables.active
        for batch in inFlight {
            let buffer = batch.buffer
            for part in 0..<batch.partCount {
                apply(
                    buffer.bytes.extracting(batch.range(ofPart: part)), batch.firstSequence + UInt64(part),
                    to: memtable)
            }
        }
        isApplied = true
    }

    private mutating func apply(_ record: Span<UInt8>, _ sequence: LogSequence, to memtable: Memtable) {
        var sections = SectionCursor(record)
        // Only what was dropped since the start can still be named by rows that are on their way.
        let mayBeDropped = schema.hasDropped
        do throws(RecordError) {
            while try sections.next() {
                if sections.kind == .deletion {
                    deletions.append(try Deletion(decoding: sections.bytes, sequence: sequence))
                }
                guard sections.kind == .tablet else { continue }
                try decoder.decode(sections.bytes) { [schema] column, times, values, bytes throws(RecordError) in
                    if mayBeDropped, !memtable.hasColumn(column.series),
                        schema.storableEntry(of: column.series) == nil
                    {
                        return
                    }
                    memtable.append(
                        series: column.series, type: column.type, times: times, values: values, bytes: bytes)
                }
            }
        } catch {
            preconditionFailure("a record of our own is malformed: \(error.reason)")
        }
    }

    private func tellParticipants() {
        for batch in inFlight where batch.hasParticipants {
            for part in 0..<batch.partCount {
                tellParticipants(
                    batch.buffer.bytes.extracting(batch.range(ofPart: part)), batch.firstSequence + UInt64(part))
            }
        }
    }

    private func tellParticipants(_ record: Span<UInt8>, _ sequence: LogSequence) {
        var sections = SectionCursor(record)
        while (try? sections.next()) == true {
            guard sections.kind == .participant else { continue }
            participants[sections.detail]?.applied(sections.bytes, sequence: sequence)
        }
    }

    /// One call a completion object, with its highest ticket.
    private mutating func complete() {
        var records = 0
        for batch in inFlight {
            records += batch.partCount
            if let completion = batch.completion { awaited.add(completion, ticket: batch.ticket) }
        }
        metrics.records.increment(by: UInt64(records))
        queue.recycle(&inFlight)
        awaited.completeAll(.success(()))
    }
}

/// Who waits for a commit: every completion object once, with its highest ticket.
struct CompletionList {
    private var waiting: [(completion: any CommitCompletion, ticket: UInt64)] = []
    private var positions: [ObjectIdentifier: Int] = [:]

    /// Adds a batch; the tickets of one object rise.
    mutating func add(_ completion: any CommitCompletion, ticket: UInt64) {
        if let last = waiting.indices.last, waiting[last].completion === completion {
            waiting[last].ticket = ticket
        } else if let position = positions[ObjectIdentifier(completion)] {
            waiting[position].ticket = ticket
        } else {
            positions[ObjectIdentifier(completion)] = waiting.count
            waiting.append((completion, ticket))
        }
    }

    /// Tells everyone, and forgets them.
    mutating func completeAll(_ result: Result<Void, StorageError>) {
        for (completion, ticket) in waiting { completion.committed(through: ticket, result: result) }
        waiting.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
    }
}
