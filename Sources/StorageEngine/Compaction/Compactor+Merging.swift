// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Synchronization
import TimeSeriesModel

extension Compactor {
    /// Does the most urgent merge. False if there is none.
    func compact(isThrottled: Bool) throws(StorageError) -> Bool {
        let now = environment.monotonicClock.nanoseconds()
        guard settings.isEnabled, !isThrottled || state.withLock({ $0.pauseUntil <= now }) else { return false }
        let files = memtables.files.all()
        var best: (database: DatabaseEntry, task: CompactionTask)?
        var pending = 0
        for (database, members) in planned(files) {
            guard let entry = schema.databaseEntry(of: database) else { continue }
            let planner = CompactionPlanner(
                settings: settings, now: environment.wallClock.nanosecondsSinceEpoch() / 1_000_000)
            let tasks = planner.tasks(members)
            pending += tasks.count
            guard let task = tasks.first else { continue }
            if best.map({ task.isBefore($0.task) }) ?? true { best = (entry, task) }
        }
        state.withLock { $0.pending = pending }
        guard let best else { return false }
        let byVersion = Dictionary(files.map { ($0.record.version, $0) }) { first, _ in first }
        try run(best.task, best.database, byVersion, isThrottled: isThrottled)
        return true
    }

    private func run(
        _ task: CompactionTask, _ database: DatabaseEntry, _ files: [UInt64: StoredFile], isThrottled: Bool
    ) throws(StorageError) {
        try checkSpace(for: task)
        let inputs = task.inputs.compactMap { files[$0] }
        begin(task, database, inputs)
        // What is deleted later is hidden in the new files all the same: its sequence is above all of these.
        let deletions = memtables.deletions
        let visibility = Visibility(deletions: deletions, now: store.now, partitioning: store.partitioning)
        let readers = FileReaders(openFilesMax: CompactionPlanner.inputsMax + 2, logger: environment.logger)
        var result = CompactionResult()
        do throws(StorageError) {
            for output in task.outputs {
                let sources = output.inputs.compactMap { files[$0] }
                let merge = try MergeInputs(
                    sources, partitions: output.partitions, visibility: visibility, schema: schema, readers: readers)
                let record = try write(output, sources, database, merge, deletions, isThrottled)
                if let record { result.added.append(record) }
                result.pointsDropped += merge.pointsRead - min(merge.pointsRead, record?.pointCount ?? 0)
            }
        } catch {
            // No catalog was ever told of them.
            for file in result.added { try? store.fileSystem.remove(store.storedFile(file).path) }
            throw error
        }
        for input in inputs { result.take(task.given(by: input.record.version), from: input) }
        result.bytesRead = task.bytes
        state.withLock { $0.uncertain = result }
        _ = try finishUncertain()
    }

    private func begin(_ task: CompactionTask, _ database: DatabaseEntry, _ inputs: [StoredFile]) {
        let startedAt = environment.wallClock.nanosecondsSinceEpoch()
        state.withLock { state in
            state.running = CompactionFacts.Task(
                kind: task.kind, database: database.path,
                partitions: Set(task.outputs.flatMap(\.partitions)).sorted(), inputs: inputs.map(\.record.name),
                bytesTotal: task.bytes, bytesDone: 0, startedAt: startedAt)
        }
    }

    /// Writes one new file; nil if nothing of the inputs is left to see.
    private func write(
        _ output: CompactionTask.Output, _ sources: [StoredFile], _ database: DatabaseEntry, _ merge: MergeInputs,
        _ deletions: DeletionSet, _ isThrottled: Bool
    ) throws(StorageError) -> FileRecord? {
        // Deletions that came before the newest input was flushed, and all that are known now, have been applied to what needed
        // them; they must not be applied to the points that are newer than they are.
        let through = max(
            sources.map(\.record.throughSequence).max() ?? 0, deletions.all().last?.sequence ?? 0)
        let (name, version) = try self.name(output, sources, database)
        let id = database.id
        let writer = FileWriter(
            store: store, cursor: { series throws(StorageError) in try merge.cursor(of: series) },
            pace: { [self] bytes throws(StorageError) in
                try pace(bytes, id, isThrottled: isThrottled)
                state.withLock { $0.running?.bytesDone += UInt64(bytes) }
            })
        return try writer.write(
            FileTarget(
                database: database.id, databasePath: database.path, partitions: output.partitions,
                throughSequence: through, name: name, version: version, order: output.order)
        ) { () throws(StorageError) in try merge.nextGroup() }
    }

    /// A name that no file has: the time and order of the newest input, compacted once more.
    private func name(
        _ output: CompactionTask.Output, _ sources: [StoredFile], _ database: DatabaseEntry
    ) throws(StorageError) -> (FileName, UInt64) {
        let names = sources.compactMap { file in
            FileName(parsing: String(file.record.name.split(separator: "/").last ?? ""))
        }
        let newest = sources.max { $0.record.order < $1.record.order }
        var inner = (names.map(\.innerCompactions).max() ?? 0) + 1
        let cross = names.map(\.crossCompactions).max() ?? 0
        let folder = FileName.folder(
            database: DatabaseFolder(path: database.path, id: database.id.rawValue), partitions: output.partitions)
        while true {
            let (name, version) = store.newName(
                time: newest?.record.creationTime ?? 0, order: output.order, innerCompactions: inner,
                crossCompactions: cross)
            let path = "\(FileName.folder)/\(folder)/\(name.text)"
            if try !store.fileSystem.exists(path),
                try !store.fileSystem.exists(path + FileName.temporarySuffix)
            {
                return (name, version)
            }
            inner += 1
        }
    }

    /// A merge needs as much space as its inputs have; it must not take the last from the log.
    private func checkSpace(for task: CompactionTask) throws(StorageError) {
        guard let free = try store.fileSystem.freeByteCount() else { return }
        let reserve = UInt64(max(0, environment.settings.segmentBytesMax))
        guard UInt64(max(0, free)) < task.bytes.addingReportingOverflow(reserve).partialValue else { return }
        throw StorageError(
            .full,
            "not enough space to merge files: \(task.bytes) bytes and \(reserve) for the log are needed, \(free) are free"
        )
    }
}

extension CompactionTask {
    /// Whether it is more urgent, or as urgent and cheaper.
    func isBefore(_ other: CompactionTask) -> Bool {
        priority != other.priority ? priority < other.priority : bytes < other.bytes
    }
}
