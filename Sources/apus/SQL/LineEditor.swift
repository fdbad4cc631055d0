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
        let words = line.uppercased().split { !$0.isLetter }
        guard !line.isEmpty, !words.contains(where: { $0 == "PASSWORD" || $0 == "USER" }) else { return }
        unsafe add_history(line)
        guard let historyFile else { return }
        // The history may tell what others must not know.
        let mask = umask(0o077)
        unsafe write_history(historyFile)
        umask(mask)
    }
}
