// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Asks for passwords.
enum PasswordPrompt {
    /// The new password, asked for twice: on the terminal without echo, or as two lines of standard input. nil = they
    /// differ, or there is none.
    static func newPassword(of user: String) -> String? {
        let first = onTerminal("New password of \(user): ") ?? readLine()
        let second = onTerminal("The same again: ") ?? readLine()
        guard let first, first == second, !first.isEmpty else { return nil }
        return first
    }

    /// What somebody types at a terminal without seeing it; nil = standard input is no terminal.
    static func onTerminal(_ prompt: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        writeError(prompt)
        var before = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return readLine() }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            writeError("\n")
        }
        return readLine() ?? ""
    }
}
