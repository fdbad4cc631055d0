// SPDX-License-Identifier: Apache-2.0

import Foundation
import StorageEngine

/// Shows how a check goes on and what it found.
final class CheckOutput: CheckObserver {
    private let isVerbose: Bool
    private let isJSON: Bool
    private let progress: ProgressBar

    init(isVerbose: Bool, isJSON: Bool) {
        self.isVerbose = isVerbose
        self.isJSON = isJSON
        progress = ProgressBar("checking", unit: .bytes, isShown: !isJSON)
    }

    func begins(byteCount: Int) { progress.set(0, of: byteCount) }

    func advanced(by byteCount: Int) { progress.advance(by: byteCount) }

    func finished(_ path: String, findings: [CheckFinding]) {
        guard !isJSON, isVerbose || !findings.isEmpty else { return }
        progress.clear()
        if findings.isEmpty { return writeOutput("good     \(path)\n") }
        for finding in findings { writeOutput(Self.text(finding)) }
    }

    /// `DAMAGED  path at offset n: what. What to do.`
    static func text(_ finding: CheckFinding) -> String {
        let mark = finding.severity == .damage ? "DAMAGED" : "note   "
        let place = "\(finding.path)\(finding.offset.map { " at offset \($0)" } ?? "")"
        let remedy = finding.remedy.isEmpty ? "" : "\n         \(finding.remedy)."
        return "\(mark)  \(place): \(finding.message).\(remedy)\n"
    }

    /// The last lines, or the JSON object.
    func conclude(_ report: CheckReport, _ fileSystem: POSIXFileSystem, moved: [Quarantine.Move]) {
        progress.clear()
        if isJSON { return writeOutput(json(report, fileSystem, moved)) }
        for move in moved {
            writeOutput(
                "moved    \(move.path)\(move.target.map { " to \($0)" } ?? ": it is missing, and no longer named")\n")
        }
        let damages = report.findings.filter { $0.severity == .damage }.count
        let state = damages == 0 ? "good" : "DAMAGED: \(damages) finding\(damages == 1 ? "" : "s")"
        writeOutput(
            "\(fileSystem.folder): \(state); \(report.files) files with \(report.points) points, \(report.segments) log segments "
                + "with \(report.records) records, \(report.databases) databases, \(report.devices) devices, \(report.series) series\n"
        )
    }

    private struct JSON: Encodable {
        struct Finding: Encodable {
            var severity: String
            var area: String
            var path: String
            var offset: Int?
            var message: String
            var remedy: String
        }

        struct Move: Encodable {
            var path: String
            var target: String?
        }

        var folder: String
        var good: Bool
        var files: Int
        var points: Int
        var segments: Int
        var records: Int
        var databases: Int
        var devices: Int
        var series: Int
        var findings: [Finding]
        var quarantined: [Move]
    }

    private func json(_ report: CheckReport, _ fileSystem: POSIXFileSystem, _ moved: [Quarantine.Move]) -> String {
        let object = JSON(
            folder: fileSystem.folder, good: report.isGood, files: report.files, points: report.points,
            segments: report.segments, records: report.records, databases: report.databases, devices: report.devices,
            series: report.series,
            findings: report.findings.map {
                .init(
                    severity: $0.severity.rawValue, area: $0.area.rawValue, path: $0.path, offset: $0.offset,
                    message: $0.message, remedy: $0.remedy)
            }, quarantined: moved.map { .init(path: $0.path, target: $0.target) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(object) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
