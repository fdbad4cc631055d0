// SPDX-License-Identifier: Apache-2.0

package import AccessControl

/// The statements of one user.
package struct QuerySession: Sendable {
    let service: QueryService
    package let principal: Principal
    let zoneID: String

    /// Parses, judges and begins a statement on a query thread. Rows are read when the result set is pulled.
    package func execute(_ sql: String) async throws(StatementError) -> StatementResult {
        try await service.threads.run { () throws(StatementError) -> StatementResult in
            throw StatementError.unsupported("this statement")
        }
    }
}
