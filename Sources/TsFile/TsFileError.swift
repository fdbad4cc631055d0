// SPDX-License-Identifier: Apache-2.0

/// Why a TsFile cannot be read or written. The message names the place (offset, series) and what was expected there.
package struct TsFileError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, for the caller's decision.
    package enum Code: Sendable, Equatable {
        /// The file lacks a magic: no TsFile, or a writer died before it finished the file.
        case notATsFile
        /// Well-formed, but a version, an encoding, a compressor or a kind of series that this code does not handle.
        case unsupported
        /// The bytes contradict the format.
        case corrupt
        /// A size in the file, or of what is to be written, is above a limit of ``TsFileLimits``.
        case limitExceeded
        /// The caller broke the order of the writer's calls; the file is not usable.
        case misuse
        /// The source could not deliver bytes; ``TsFileError/underlying`` says why.
        case readFailed
    }

    package let code: Code
    /// A sentence for people.
    package let message: String
    /// The error of the source, when the code is ``Code/readFailed``.
    package let underlying: (any Error)?

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    package var description: String {
        guard let underlying else { return message }
        return "\(message): \(underlying)"
    }

    static func corrupt(_ message: String, at offset: Int) -> Self {
        Self(.corrupt, "corrupt TsFile: \(message) at offset \(offset)")
    }

    static func limit(_ what: String, _ value: Int, _ name: String, _ limit: Int) -> Self {
        Self(.limitExceeded, "\(what) is \(value), more than the limit \(name) of \(limit)")
    }
}

/// Encoded bytes of a page that contradict their encoding; the page decoder adds the place.
struct CodecError: Error, Equatable {
    let message: String

    init(_ message: String) { self.message = message }
}
