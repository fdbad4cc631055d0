// SPDX-License-Identifier: Apache-2.0

/// What a user may be allowed to do (`iotdb-sql.md` section 6). The raw value is the name in SQL and in the catalog.
package enum Privilege: String, Sendable, CaseIterable {
    case readData = "READ_DATA"
    case writeData = "WRITE_DATA"
    case readSchema = "READ_SCHEMA"
    case writeSchema = "WRITE_SCHEMA"
    case manageDatabase = "MANAGE_DATABASE"
    case manageUser = "MANAGE_USER"
    case manageRole = "MANAGE_ROLE"
    case maintain = "MAINTAIN"
    case useTrigger = "USE_TRIGGER"
    case useUDF = "USE_UDF"
    case useCQ = "USE_CQ"
    case usePipe = "USE_PIPE"
    case extendTemplate = "EXTEND_TEMPLATE"
    case useModel = "USE_MODEL"

    /// The name in SQL, for example `READ_DATA`.
    package var sqlName: String { rawValue }

    /// Whether the privilege is about the server as a whole, so that its only pattern is `root.**`.
    package var isGlobal: Bool {
        switch self {
        case .readData, .writeData, .readSchema, .writeSchema: false
        default: true
        }
    }

    /// The privileges that a name in GRANT and REVOKE stands for, in any letter case: one of ``sqlName``, `READ`, `WRITE`
    /// or `ALL`; nil for any other word.
    package static func named(_ word: String) -> [Privilege]? {
        switch word.uppercased() {
        case "ALL": allCases
        case "READ": [.readData, .readSchema]
        case "WRITE": [.writeData, .writeSchema]
        case let name: Privilege(rawValue: name).map { [$0] }
        }
    }
}
