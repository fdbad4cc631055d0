// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc

/// The exit codes that commands share.
enum Exit {
    static let failed = ExitCode(1)
    static let badConfiguration = ExitCode(2)
}

/// Writes to standard output at once, whatever it is connected to.
func writeOutput(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let written = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        bytes = bytes.dropFirst(written)
    }
}
