// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization
import TimeSeriesModel

/// The segments that get no more records, until a checkpoint lets them go.
final class SegmentRegistry: Sendable {
    struct Sealed: Equatable {
        var number: UInt64
        /// Nothing in it has a higher sequence.
        var lastSequence: LogSequence
        var byteCount: Int
    }

    private let fileSystem: any StorageFileSystem
    private let logger: Logger
    /// Oldest first.
    private let sealed = Mutex<[Sealed]>([])

    init(fileSystem: any StorageFileSystem, logger: Logger) {
        self.fileSystem = fileSystem
        self.logger = logger
    }

    /// Sealed segments and their bytes.
    var total: (count: Int, bytes: Int) {
        sealed.withLock { ($0.count, $0.reduce(0) { $0 + $1.byteCount }) }
    }

    func seal(_ segment: Sealed) { sealed.withLock { $0.append(segment) } }

    /// Removes segments whose every record is checkpointed; what cannot be removed now is tried again next time.
    func remove(through sequence: LogSequence) {
        let obsolete = sealed.withLock { sealed in
            let count = sealed.prefix { $0.lastSequence <= sequence }.count
            defer { sealed.removeFirst(count) }
            return Array(sealed.prefix(count))
        }
        guard !obsolete.isEmpty else { return }
        for (index, segment) in obsolete.enumerated() {
            do throws(StorageError) {
                try fileSystem.remove(SegmentName.path(segment.number))
            } catch {
                if error.code == .notFound { continue }
                logger.warning("cannot remove a log segment that is no longer needed", metadata: ["reason": "\(error)"])
                sealed.withLock { $0.insert(contentsOf: obsolete[index...], at: 0) }
                break
            }
        }
        // That a removed segment may come back after a crash does no harm.
        try? fileSystem.syncFolder(SegmentName.folder)
    }
}
