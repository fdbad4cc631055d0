// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import TimeSeriesModel

extension FolderCheck {
    /// The chain of segments behind the checkpoint, and every record in it.
    mutating func checkLog(_ state: CatalogState) throws(StorageError) {
        let folder: SegmentFolder
        do throws(StorageError) {
            guard try fileSystem.exists(SegmentName.folder) else {
                finish(SegmentName.folder, state.flushedThrough > 0 ? [logIsGone] : [])
                return
            }
            folder = try SegmentFolder(
                fileSystem: fileSystem, flushedThrough: state.flushedThrough, logger: CheckSilence.logger)
        } catch {
            let path = damagedSegment(in: error.message) ?? SegmentName.folder
            finish(path, [CheckFinding(.damage, .log, path: path, error.message)])
            return
        }
        if folder.links.isEmpty, state.flushedThrough > 0 { finish(SegmentName.folder, [logIsGone]) }
        var known = LogKnowledge(state)
        for link in folder.links { checkSegment(link, folder, &known) }
        for number in folder.leftovers {
            finish(SegmentName.path(number), [])
        }
    }

    private var logIsGone: CheckFinding {
        CheckFinding(
            .damage, .log, path: SegmentName.folder,
            "the log is gone: what was acknowledged since the last checkpoint is lost",
            remedy: "Put the folder back if it was moved; else a start goes on without")
    }

    private mutating func checkSegment(_ link: SegmentFolder.Link, _ folder: SegmentFolder, _ known: inout LogKnowledge)
    {
        let path = SegmentName.path(link.header.number)
        var findings: [CheckFinding] = []
        do throws(StorageError) {
            let file = try folder.open(link)
            defer { file.close() }
            findings = try checkRecords(of: link, file, path: path, &known)
            observer.advanced(by: file.byteCount)
        } catch {
            findings.append(CheckFinding(.damage, .log, path: path, error.message))
        }
        report.segments += 1
        finish(path, findings)
    }

    private mutating func checkRecords(
        of link: SegmentFolder.Link, _ file: any StorageFile, path: String, _ known: inout LogKnowledge
    ) throws(StorageError) -> [CheckFinding] {
        let limit = Int(clamping: link.end ?? UInt64(file.byteCount))
        guard limit <= file.byteCount else {
            return [
                logDamage(path, file.byteCount, "it ends there, and \(limit) bytes of it are needed")
            ]
        }
        var reader = SegmentReader(file: file, header: link.header, limit: limit)
        var batchStart: Int?
        while true {
            let offset = reader.offset
            switch try reader.next() {
            case .success(let head):
                report.records += 1
                let expected = batchStart == nil ? 0 : known.nextPart
                batchStart = head.continues ? batchStart ?? offset : nil
                known.nextPart = Int(head.part) + 1
                do throws(RecordError) {
                    guard Int(head.part) == expected else {
                        throw RecordError(reason: "part \(head.part) of a batch comes where part \(expected) should")
                    }
                    try known.take(reader.bytes, sequence: head.sequence)
                } catch {
                    return [logDamage(path, offset, error.reason)]
                }
            case .failure(let end):
                guard end.reason != nil || batchStart != nil else { return [] }
                return try judge(end, of: reader, isLast: link.end == nil, path: path, batchStart: batchStart)
            }
        }
    }

    /// The end of the last segment may be what a crash left of a commit; anything else is damage.
    private func judge(
        _ end: EndOfSegment, of reader: SegmentReader, isLast: Bool, path: String, batchStart: Int?
    ) throws(StorageError) -> [CheckFinding] {
        let reason = end.reason ?? "a batch has no end"
        guard isLast else { return [logDamage(path, reader.offset, reason)] }
        if let later = try TailScan(reader: reader).recordOfLaterCommit() {
            return [
                logDamage(
                    path, reader.offset,
                    "\(reason), but at \(later) a record follows that was written when all before it was safe")
            ]
        }
        return [
            CheckFinding(
                .note, .log, path: path, offset: batchStart ?? reader.offset,
                "it ends in an unfinished commit, which was never acknowledged (\(reason))",
                remedy: "Nothing: the next start goes on before it")
        ]
    }

    private func logDamage(_ path: String, _ offset: Int, _ reason: String) -> CheckFinding {
        CheckFinding(.damage, .log, path: path, offset: offset, reason, remedy: SegmentFolder.remedy)
    }

    private func damagedSegment(in message: String) -> String? {
        let prefix = fileSystem.displayName(of: SegmentName.folder) + "/"
        for word in message.split(separator: " ") where word.hasPrefix(prefix) {
            return "\(SegmentName.folder)/\(word.dropFirst(prefix.count))"
        }
        return nil
    }
}

/// A logger that says nothing: a check reports in its own way.
enum CheckSilence {
    static let logger = Logger(label: "check", factory: { _ in SwiftLogNoOpLogHandler() })
}
