// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One export: where it writes, and how far it is.
final class ExportRun {
    /// Units whose values are counted beforehand; more would take too long.
    private static let countedUnitsMax = 500

    let session: any SQLTransport
    let from: Int64?
    let to: Int64?
    let output: String
    let isFolder: Bool
    let format: ExportFormat
    /// Says whether a state is that of the same export.
    let request: String
    private let resume: Bool
    private(set) var points = 0
    private var total = 0
    private let progress = ProgressBar("exporting", unit: .count("points"))

    init(_ command: ExportCommand, _ session: any SQLTransport, from: Int64?, to: Int64?) {
        self.session = session
        self.from = from
        self.to = to
        format = command.format
        var isThere: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(atPath: command.output, isDirectory: &isThere)
        isFolder = command.output.hasSuffix("/") || (exists && isThere.boolValue)
        output = isFolder && command.output.hasSuffix("/") ? String(command.output.dropLast()) : command.output
        resume = command.resume
        request = [command.pattern, "\(from ?? .min)", "\(to ?? .max)", command.format.rawValue].joined(separator: " ")
    }

    /// Where the state is.
    var statePath: String { isFolder ? "\(output)/.export-state" : "\(output).export-state" }

    /// The state to go on from; nil = begin anew.
    func begin() throws -> ExportState? {
        if isFolder { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) }
        let state = ExportState.load(statePath)
        guard resume else {
            if state != nil {
                throw FileTrouble("an interrupted export is in \(output): go on with --resume, or remove it")
            }
            return nil
        }
        guard let state else { return nil }
        guard state.request == request else {
            throw FileTrouble("\(statePath) belongs to another export (\(state.request))")
        }
        points = state.points
        return state
    }

    /// The work is done: nothing is left to go on with.
    func finish() {
        progress.clear()
        try? FileManager.default.removeItem(atPath: statePath)
    }

    /// Counts the values of all units, for the bar.
    func count(_ units: [ExportUnit]) async {
        guard units.count <= Self.countedUnitsMax else { return }
        for unit in units { total += await ExportPages(unit, from: from, to: to).count(session) ?? 0 }
    }

    /// So many values more are in the output.
    func wrote(_ values: Int) {
        points += values
        progress.set(points, of: total)
    }

    /// Notes for the end.
    func note(_ text: String) {
        progress.clear()
        writeError("apus export: \(text)\n")
    }

    /// A file name for a device: letters, digits, `_`, `-`, `.`, and every other byte as `%XX`; long ones are cut.
    static func fileName(_ device: String, number: Int) -> String {
        var name = ""
        for byte in device.utf8 {
            let character = Character(Unicode.Scalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || "_-.".contains(character) {
                name.append(character)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                name += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return name.utf8.count <= 200 ? name : "\(name.prefix(190))%\(number)"
    }
}
