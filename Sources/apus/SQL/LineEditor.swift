// SPDX-License-Identifier: Apache-2.0

import CEdit
import Glibc

/// Lines from a terminal with editing and a history that outlives the program.
struct LineEditor {
    /// Lines that the history keeps.
    static let historyLinesMax: Int32 = 1_000

    private let historyFile: String?

    /// `~/.apus_history`, or no file where there is no home folder.
    init() {
        historyFile = unsafe getenv("HOME").map { unsafe String(cString: $0) + "/.apus_history" }
        using_history()
        stifle_history(Self.historyLinesMax)
        if let historyFile { unsafe read_history(historyFile) }
    }

    /// The next line without its line break; nil at the end of the input.
    func line(prompt: String) -> String? {
        guard let buffer = unsafe readline(prompt) else { return nil }
        defer { unsafe free(buffer) }
        return unsafe String(cString: buffer)
    }

    /// Adds a line to the history, unless it may hold a password.
    func remember(_ line: String) {
        let upper = line.uppercased()
        guard !line.isEmpty, !upper.contains("PASSWORD"), !upper.contains("CREATE USER") else { return }
        unsafe add_history(line)
        guard let historyFile else { return }
        unsafe write_history(historyFile)
        // The history may tell what others must not know.
        unsafe chmod(historyFile, 0o600)
    }
}
