// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

/// A parsed statement.
enum Statement: Equatable, Sendable {
    case select(SelectStatement)
    case insert(InsertStatement)
    case delete(DeleteStatement)
    /// The time to live is in milliseconds; nil = nothing said.
    case createDatabase(PathText, timeToLive: Int64?)
    case createSeries(CreateSeriesStatement)
    case drop(DropStatement)
    case timeToLive(TimeToLiveStatement)
    case load(LoadStatement)
    case show(ShowStatement)
    case count(CountStatement)
    case users(UserStatement)
    case flush
    case backup(BackupStatement)
    /// Recognised by its first words, which these are; not built.
    case unsupported(String)
}

/// INSERT INTO.
struct InsertStatement: Equatable, Sendable {
    struct Row: Equatable, Sendable {
        var time: Timestamp
        var values: [Literal]
    }

    var device: PathText
    /// Canonical names.
    var measurements: [String]
    var isAligned: Bool
    var rows: [Row]
}

/// SHOW.
enum ShowStatement: Equatable, Sendable {
    case databases(PathText, details: Bool)
    case devices(PathText, withDatabase: Bool, Page)
    case timeseries(PathText, Page)
    case childPaths(PathText)
    case childNodes(PathText)
    /// SHOW ALL TTL: nil; SHOW TTL ON: the patterns.
    case timesToLive([PathText]?)
    case version
    case currentTimestamp
    /// Words that the grammar does not know, perhaps those of a system view; upper case.
    case view([String], Page, position: SourcePosition)
}

/// COUNT.
enum CountStatement: Equatable, Sendable {
    case databases(PathText)
    case devices(PathText)
    case timeseries(PathText, level: Int?)
    case nodes(PathText, level: Int)
}

/// Users and rights.
enum UserStatement: Equatable, Sendable {
    case create(user: String, password: String)
    case drop(user: String)
    case setPassword(user: String, password: String)
    case grant([String], on: [PathText], user: String, withGrantOption: Bool)
    case revoke([String], on: [PathText], user: String)
    case list
    case listPrivileges(user: String)
}
