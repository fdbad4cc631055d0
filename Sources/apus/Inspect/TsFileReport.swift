// SPDX-License-Identifier: Apache-2.0

import Foundation
import StorageEngine
import TimeSeriesModel
import TsFile

/// Writes what a TsFile holds.
struct TsFileReport {
    let command: InspectCommand
    let place: FilePlace

    init(_ command: InspectCommand, _ place: FilePlace) {
        self.command = command
        self.place = place
    }

    /// True if the file is whole.
    func write(_ file: any StorageFile) throws -> Bool {
        let progress = ProgressBar("reading", total: file.byteCount, unit: .bytes, isShown: !command.json)
        let inspection = TsFileInspection(file, listsPages: command.pages) { progress.advance(by: $0) }
        progress.clear()
        writeOutput(command.json ? try json(inspection) : text(inspection))
        return inspection.damages.isEmpty
    }

    // MARK: Text

    func text(_ inspection: TsFileInspection) -> String {
        var text = head(inspection) + bytes(inspection) + series(inspection)
        if command.pages { text += chunks(inspection) }
        text += found(inspection)
        return text + damages(inspection)
    }

    private func head(_ inspection: TsFileInspection) -> String {
        let state = inspection.damages.isEmpty ? "whole" : "DAMAGED"
        let version = inspection.layout.map { "version \($0.version)" } ?? "version unknown"
        var lines = AlignedText(left: [1])
        let aligned = Set(inspection.series.filter(\.isAligned).map(\.device)).count
        let values = inspection.series.filter { $0.type != nil }
        lines.add(["devices", "\(inspection.deviceCount)\(aligned > 0 ? ", \(aligned) of them aligned" : "")"])
        lines.add(["series", "\(values.count)"])
        lines.add(["points", "\(inspection.pointCount)"])
        if inspection.pointCount > 0 {
            lines.add(["times", "\(date(inspection.timeRange.lower)) to \(date(inspection.timeRange.upper))"])
            lines.add(["bytes per point", perPoint(inspection.byteCount, inspection.pointCount)])
        }
        for property in inspection.properties { lines.add([property.name, property.value ?? "null"]) }
        return "\(place.name): TsFile, \(version), \(inspection.byteCount) bytes, \(state)\n" + lines.text()
    }

    private func bytes(_ inspection: TsFileInspection) -> String {
        guard let layout = inspection.layout else { return "" }
        let times = inspection.series.filter { $0.type == nil }.reduce(0) { $0 + $1.byteCount }
        let values = inspection.series.reduce(0) { $0 + $1.byteCount } - times
        var lines = AlignedText(left: [1])
        let kinds = [
            ("chunks of series", values), ("chunks of aligned times", times),
            ("other data", layout.indexStart - values - times), ("index", layout.closingStart - layout.indexStart),
            ("closing block (bloom filter: \(layout.bloomFilterBits) bits)", layout.byteCount - layout.closingStart),
        ]
        for (name, count) in kinds where count > 0 {
            lines.add([name, ShareBar.text(count, of: layout.byteCount), "\(count) B"])
        }
        return "where the bytes are\n" + lines.text()
    }

    private func series(_ inspection: TsFileInspection) -> String {
        guard !inspection.series.isEmpty else { return "" }
        let whole = inspection.series.reduce(0) { $0 + $1.byteCount }
        var lines = AlignedText(left: [1, 2, 3, 8, 9])
        lines.add([
            "series", "type", "encoding", "compressor", "points", "bytes", "B/point", "chunks", "share", "times",
        ])
        for series in inspection.series {
            let count = series.statistics.count
            lines.add([
                series.measurement.isEmpty ? "\(series.device) (times)" : "\(series.device).\(series.measurement)",
                (series.type?.name ?? "times") + (series.isAligned ? " aligned" : ""), series.encoding?.name ?? "?",
                series.compressor?.name ?? "?", "\(count)", "\(series.byteCount)",
                perPoint(series.byteCount, count), "\(series.chunks.count)",
                ShareBar.text(series.byteCount, of: whole),
                count > 0 ? "\(date(series.statistics.startTime)) to \(date(series.statistics.endTime))" : "no points",
            ])
        }
        return lines.text(indent: 0)
    }

    private func chunks(_ inspection: TsFileInspection) -> String {
        var lines = AlignedText(left: [3])
        for series in inspection.series {
            lines.add(["\(series.device).\(series.measurement)"])
            for chunk in series.chunks {
                lines.add([
                    "  chunk at \(chunk.offset)", "\(chunk.byteCount) B", "\(chunk.statistics.count) points",
                    chunk.statistics.count > 0
                        ? "\(date(chunk.statistics.startTime)) to \(date(chunk.statistics.endTime))" : "no points",
                ])
                for page in chunk.pages {
                    lines.add([
                        "    page at \(page.offset)", "\(page.compressedSize) B",
                        "\(page.statistics.count) points",
                        "\(page.uncompressedSize) B uncompressed",
                    ])
                }
            }
        }
        return "chunks and pages\n" + lines.text()
    }

    /// Of a file whose index cannot be read.
    private func found(_ inspection: TsFileInspection) -> String {
        guard let end = inspection.foundEnd else { return "" }
        var lines = AlignedText(left: [1, 2, 3])
        for series in inspection.found {
            lines.add([
                "\(series.device).\(series.measurement)", series.type?.name ?? "times", series.encoding.name,
                series.compressor.name, "\(series.chunks) chunks", "\(series.byteCount) B",
            ])
        }
        return "the index cannot be read; from the front the chunks are whole up to offset \(end):\n" + lines.text()
    }

    private func damages(_ inspection: TsFileInspection) -> String {
        guard !inspection.damages.isEmpty else { return "" }
        let lines = inspection.damages.map { damage in
            "  \(damage.offset.map { "at offset \($0): " } ?? "")\(damage.series.isEmpty ? "" : "\(damage.series): ")"
                + "\(damage.message)\n"
        }
        return "what is wrong\n" + lines.joined()
    }

    private func date(_ time: Timestamp) -> String { TableText.date(time, command.unit) }

    private func perPoint(_ bytes: Int, _ points: Int) -> String {
        guard points > 0 else { return "-" }
        let hundredths = Int((Double(bytes) / Double(points) * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    // MARK: JSON

    private func json(_ inspection: TsFileInspection) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(TsFileJSON(inspection, name: place.name)), as: UTF8.self) + "\n"
    }
}
