// SPDX-License-Identifier: Apache-2.0

/// The keys of queries.
package enum QueryKeys {
    static let threads = integerKey(
        "query_thread_count", .query, 1...256, default: 2,
        "Threads that work on statements; a blocked read holds one of them.")
    static let storingThreads = integerKey(
        "statement_thread_count", .query, 1...256, default: 4,
        "Threads for statements that wait for a commit (INSERT, DELETE, CREATE, DROP, SET TTL), so that reads do not wait for "
            + "them.")
    static let loadFolders = textKey(
        "load_dirs", .query, type: "folders", mayBeEmpty: true, default: "",
        "The folders, separated by commas, that LOAD may read files from; links do not lead out of them. Empty = every file "
            + "that the server's process can read. In either case LOAD needs the right MAINTAIN.")
    static let queueMax = integerKey(
        "query_queue_max", .query, 1...1_000_000, default: 1_024,
        "Statements that wait for a thread; one more is refused.")
    static let memoryMax = integerKey(
        "query_memory_bytes_max", .query, 1 << 20...1 << 40, unit: "bytes", default: 128 << 20,
        "Points and rows that one query may hold at a time; beyond it the query is refused.")
    static let statementBytesMax = integerKey(
        "query_statement_bytes_max", .query, 1_024...64 << 20, unit: "bytes", default: 1 << 20,
        "The longest statement.")
    static let windowsMax = integerKey(
        "query_windows_max", .query, 1...1 << 30, default: 2_000_000, "Windows of one GROUP BY.")

    static let all: [KeyDeclaration] = [
        threads.declaration, storingThreads.declaration, loadFolders.declaration, queueMax.declaration,
        memoryMax.declaration, statementBytesMax.declaration,
        windowsMax.declaration,
    ]
}
