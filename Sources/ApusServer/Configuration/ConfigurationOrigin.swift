// SPDX-License-Identifier: Apache-2.0

/// Where a value comes from.
package enum ConfigurationOrigin: Sendable, Equatable, CustomStringConvertible {
    case builtIn
    case file(path: String, line: Int)
    /// The name of the variable.
    case environment(String)
    /// `--set`.
    case flag

    package var description: String {
        switch self {
        case .builtIn: "default"
        case .file(let path, let line): "\(path):\(line)"
        case .environment(let name): "environment variable \(name)"
        case .flag: "--set"
        }
    }
}

/// Everything that is wrong with a configuration; each line says where, what and what would be right.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    package var problems: [String]

    init(_ problems: [String]) { self.problems = problems }

    init(_ problem: String) { problems = [problem] }

    package var description: String { problems.joined(separator: "\n") }
}
