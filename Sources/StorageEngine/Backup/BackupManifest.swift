// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// What a backup holds (`docs/format/backup.md`): the content of `manifest.json`.
package struct BackupManifest: Sendable, Equatable, Codable {
    /// The newest version of the format that this program reads and writes.
    package static let formatVersion = 1
    package static let fileName = "manifest.json"
    package static let sumsName = "SHA256SUMS"

    /// A file of the backup.
    package struct File: Sendable, Equatable, Codable {
        /// Its path in a data folder.
        package var path: String
        /// Its path in the backup.
        package var stored: String
        package var bytes: Int
        /// 64 hexadecimal digits.
        package var sha256: String
    }

    /// A file that the catalog names and the backup lacks.
    package struct Omission: Sendable, Equatable, Codable {
        package var path: String
        package var reason: String
    }

    package var format = Self.formatVersion
    /// Version of the program that made it.
    package var apus: String
    /// Version of the data folder's layout.
    package var layout: Int
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var created: Int64
    /// Everything up to this log sequence is in it.
    package var sequence: UInt64
    /// What a server needs the same: `timestamp_precision`, `time_partition_interval`.
    package var settings: [String: String]
    package var files: [File] = []
    /// Damaged or missing already when the backup was made.
    package var omitted: [Omission] = []

    /// The bytes of all files.
    package var byteCount: Int {
        files.reduce(0) { sum, file in
            let (total, overflows) = sum.addingReportingOverflow(max(0, file.bytes))
            return overflows ? .max : total
        }
    }

    /// `manifest.json`, a file a line.
    func json() -> String {
        let settings = settings.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)): \(Self.quoted($0.value))" }
        let files = files.map {
            "    {\"path\": \(Self.quoted($0.path)), \"stored\": \(Self.quoted($0.stored)), \"bytes\": \($0.bytes), "
                + "\"sha256\": \(Self.quoted($0.sha256))}"
        }
        let omitted = omitted.map { "    {\"path\": \(Self.quoted($0.path)), \"reason\": \(Self.quoted($0.reason))}" }
        return """
            {
              "format": \(format),
              "apus": \(Self.quoted(apus)),
              "layout": \(layout),
              "created": \(created),
              "sequence": \(sequence),
              "settings": {\(settings.joined(separator: ", "))},
              "files": [
            \(files.joined(separator: ",\n"))
              ],
              "omitted": [\(omitted.isEmpty ? "" : "\n" + omitted.joined(separator: ",\n") + "\n  ")]
            }

            """
    }

    /// `SHA256SUMS`, for `sha256sum -c`.
    func sums() -> String { files.map { "\($0.sha256)  \($0.stored)\n" }.joined() }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}

extension BackupManifest {
    /// What is to be told to whoever made it: the backup is there, but files were damaged before. nil = it lacks nothing.
    package var problem: String? {
        guard let first = omitted.first else { return nil }
        let others = omitted.count > 1 ? ", and \(omitted.count - 1) more" : ""
        return
            "the backup is written, but it lacks \(omitted.count) files that are damaged or missing in the data folder: "
            + "\(first.path) (\(first.reason))\(others); `apus check` says more"
    }
}
