// SPDX-License-Identifier: Apache-2.0

/// The keys of users.
package enum AccessKeys {
    static let initialRootPassword = textKey(
        "initial_root_password", .access, type: "secret", mayBeEmpty: true, default: "",
        "The password of root on the first start of a data folder, for containers; without effect later. Empty = root, "
            + "which is accepted from this machine only.",
        .init(isSecret: true))

    static let checkingThreads = integerKey(
        "password_thread_count", .access, 1...64, default: 2,
        "Threads that check passwords; each needs 16 MiB while it works.")
    static let waitingChecksMax = integerKey(
        "password_checks_waiting_max", .access, 1...1_000_000, default: 4_096,
        "Different pairs of user and password that may wait for a check; one more is told to come again.")
    static let waitingLoginsMax = integerKey(
        "password_logins_waiting_max", .access, 1...10_000_000, default: 16_384,
        "Logins that may wait in all, those that share a check included.")

    static let all: [KeyDeclaration] = [
        initialRootPassword.declaration, checkingThreads.declaration, waitingChecksMax.declaration,
        waitingLoginsMax.declaration,
    ]
}

/// The keys of SQL over HTTP (`iotdb-rest.md` section 1).
package enum DoorKeys {
    static let rpcAddress = textKey(
        "dn_rpc_address", .doors, type: "address", default: "127.0.0.1",
        "The address of the doors for programs; SQL over HTTP uses it unless rest_service_host says otherwise.")
    static let rpcPort = integerKey(
        "dn_rpc_port", .doors, 1...65_535, unit: "port", default: 6_667, "The port of IoTDB's RPC.",
        .noEffect("this version has no RPC yet; use SQL over HTTP"))
    static let enableREST = booleanKey(
        "enable_rest_service", .doors, default: true,
        "Whether SQL over HTTP is offered; `apus sql` and `apus user` need it.", .iotdb("false"))
    static let restHost = textKey(
        "rest_service_host", .doors, type: "address", mayBeEmpty: true, default: "",
        "The address of SQL over HTTP; empty = dn_rpc_address.")
    static let restPort = integerKey(
        "rest_service_port", .doors, 0...65_535, unit: "port", default: 18_080,
        "The port of SQL over HTTP; 0 = any free port, which the ready line names.")
    static let rowLimit = integerKey(
        "rest_query_default_row_size_limit", .doors, 1...Int(Int32.max), unit: "rows", default: 10_000,
        "How many rows a query over HTTP returns unless the request names its own row_limit.")

    static let requestBytesMax = integerKey(
        "rest_request_bytes_max", .doors, 1_024...1 << 30, unit: "bytes", default: 2 << 20, "The largest request body.")
    static let responseBytesMax = integerKey(
        "rest_response_bytes_max", .doors, 1 << 20...1 << 40, unit: "bytes", default: 256 << 20,
        "The largest answer that is gathered in memory; beyond it the query is refused.")
    static let connectionsMax = integerKey(
        "rest_connections_max", .doors, 1...1_000_000, default: 1_024,
        "Connections of SQL over HTTP at once; beyond it nothing is accepted until one ends.")
    static let idleTimeout = integerKey(
        "rest_idle_timeout_in_seconds", .doors, 1...86_400, unit: "seconds", default: 300,
        "A connection of SQL over HTTP without a request for so long is closed.")
    static let corsOrigins = textKey(
        "rest_cors_origin", .doors, type: "origins", mayBeEmpty: true, default: "",
        "Origins whose web pages may call, separated by commas, or *; empty = none.", .iotdb("*"))

    static let all: [KeyDeclaration] = [
        rpcAddress.declaration, enableREST.declaration, restHost.declaration, restPort.declaration,
        rowLimit.declaration, requestBytesMax.declaration, responseBytesMax.declaration,
        connectionsMax.declaration, idleTimeout.declaration, corsOrigins.declaration,
        rpcPort.declaration,
    ]
}

/// The keys of the log.
package enum LogKeys {
    static let level = choiceKey(
        "log_level", .log, ["trace", "debug", "info", "notice", "warning", "error", "critical"], default: "info",
        "The least important messages that are logged. The log goes to standard error.")
    static let format = choiceKey(
        "log_format", .log, ["text", "json"], default: "text", "One line of text a message, or one JSON object.")

    static let all: [KeyDeclaration] = [level.declaration, format.declaration]
}

extension KeyDeclaration {
    /// Every key, in the order of the documentation.
    package static let all: [KeyDeclaration] =
        MQTTKeys.all + PayloadKeys.all + SchemaKeys.all + StorageKeys.all + CompactionKeys.all + AccessKeys.all
        + DoorKeys.all
        + QueryKeys.all + LogKeys.all

    /// The declaration behind a name or an older name; nil = no such key.
    package static func named(_ name: String) -> KeyDeclaration? { byName[name] }

    private static let byName: [String: KeyDeclaration] = {
        var found: [String: KeyDeclaration] = [:]
        for key in all { for name in key.names { found[name] = key } }
        return found
    }()
}
