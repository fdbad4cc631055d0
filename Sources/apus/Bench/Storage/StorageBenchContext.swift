// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the parts of `apus bench storage` share: bounds, folders, the figures so far.
final class StorageBenchContext {
    let parent: String
    let isKept: Bool
    let threads: Int
    let seconds: Double
    let points: Int
    let recoveryBytes: Int
    private let show: (StorageFigure) -> Void
    private(set) var figures: [StorageFigure] = []

    init(_ command: StorageBenchCommand, parent: String, show: @escaping (StorageFigure) -> Void) {
        self.parent = parent
        isKept = command.keep
        threads = command.threads
        seconds = command.seconds
        points = command.points
        recoveryBytes = command.recoveryMebibytes << 20
        self.show = show
    }

    /// A new data folder.
    func folder(_ name: String) throws -> BenchFolder { try BenchFolder(in: parent, name: name) }

    func add(_ figure: StorageFigure) {
        figures.append(figure)
        show(figure)
    }
}
