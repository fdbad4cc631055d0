// SPDX-License-Identifier: Apache-2.0

/// One thing that a check of a data folder found.
package struct CheckFinding: Sendable, Equatable {
    /// How bad it is.
    package enum Severity: String, Sendable {
        /// Worth knowing; nothing is lost.
        case note
        /// Something acknowledged cannot be read, or may be wrong.
        case damage
    }

    /// What part of the folder it concerns.
    package enum Area: String, Sendable {
        case folder
        case catalog
        case file
        case log
    }

    package var severity: Severity
    package var area: Area
    /// The file, relative to the data folder; empty = the folder itself.
    package var path: String
    /// Where in the file, if that is known.
    package var offset: Int?
    /// What is wrong, one sentence.
    package var message: String
    /// What to do, one sentence; empty = nothing.
    package var remedy: String

    package init(
        _ severity: Severity, _ area: Area, path: String, offset: Int? = nil, _ message: String, remedy: String = ""
    ) {
        self.severity = severity
        self.area = area
        self.path = path
        self.offset = offset ?? DamageOffset.offset(in: message)
        self.message = message
        self.remedy = remedy
    }
}

/// Hears how a check goes on. Called by the thread that checks.
package protocol CheckObserver {
    /// So many bytes will be read.
    func begins(byteCount: Int)
    /// So many of them were read.
    func advanced(by byteCount: Int)
    /// A file is done; `findings` of it, none if it is good.
    func finished(_ path: String, findings: [CheckFinding])
}

/// What a check looked at and found.
package struct CheckReport: Sendable, Equatable {
    package var findings: [CheckFinding] = []
    package var files = 0
    package var points = 0
    package var segments = 0
    package var records = 0
    package var databases = 0
    package var devices = 0
    package var series = 0
    /// Versions of files that are missing or damaged, for quarantine.
    package var badFiles: [UInt64] = []

    package init() {}

    /// Whether nothing is damaged.
    package var isGood: Bool { !findings.contains { $0.severity == .damage } }
}
