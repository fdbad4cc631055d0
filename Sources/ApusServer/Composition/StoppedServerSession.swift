// SPDX-License-Identifier: Apache-2.0

import AccessControl
package import QueryEngine

/// Statements to the data folder of a server that does not run: everything but the doors.
package final class StoppedServerSession: Sendable {
    private let core: ServerCore
    private let session: QuerySession

    /// Takes the folder's lock, recovers what the log holds and waits for statements, as `root`; blocking.
    package init(_ configuration: ServerConfiguration) throws(StartError) {
        let settings: ServerSettings
        do throws(ConfigurationError) {
            settings = try ServerSettings(configuration)
        } catch {
            throw StartError(error.problems.joined(separator: "; "))
        }
        core = try ServerCore(settings: settings, log: ServerLog(configuration))
        session = core.query.session(for: .root, zoneID: nil)
    }

    /// Executes one statement.
    package func execute(_ sql: String) async throws(StatementError) -> StatementResult {
        try await session.execute(sql)
    }

    /// Flushes and lets go of the folder; blocking.
    package func close() throws { try core.close() }
}
