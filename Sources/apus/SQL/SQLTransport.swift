// SPDX-License-Identifier: Apache-2.0

/// A way to bring statements to a server: REST today, RPC beside it later.
protocol SQLTransport: Sendable {
    /// Executes one statement and gathers all of its rows; `rowLimit` bounds them (708 beyond).
    func execute(_ sql: String, rowLimit: Int) async throws(SQLClientError) -> SQLAnswer

    /// Ends the connection.
    func close() async
}
