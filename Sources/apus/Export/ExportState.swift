// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How far an export got: written after every page that is safely in the output.
struct ExportState: Codable, Equatable {
    /// What was asked for; another export does not go on here.
    var request: String
    /// The unit under way.
    var unit: String
    /// Its columns: when they have changed it begins anew.
    var columns: [String]
    /// Of the last row that is written; nil = none yet.
    var lastTime: Int64?
    /// Bytes of the unit's file that count.
    var bytes: Int
    /// Files that are complete (tsfile).
    var pieces: Int = 0
    /// Values that are written.
    var points: Int = 0

    static func load(_ path: String) -> ExportState? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(ExportState.self, from: $0) }
    }

    /// Replaces the file as a whole.
    func save(_ path: String) throws {
        try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
