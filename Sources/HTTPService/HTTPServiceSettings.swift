// SPDX-License-Identifier: Apache-2.0

/// The configuration of the HTTP door (`iotdb-rest.md` section 1).
package struct HTTPServiceSettings: Sendable {
    /// `rest_service_host`.
    package var host = "127.0.0.1"
    /// `rest_service_port`; 0 = any free one.
    package var port = 18_080
    /// `rest_query_default_row_size_limit`: rows of a query that names no `row_limit`.
    package var rowLimitDefault = 10_000
    /// `rest_request_bytes_max`: largest request body.
    package var requestBytesMax = 2 * 1024 * 1024
    /// `rest_response_bytes_max`: largest JSON answer that is gathered in memory (709 beyond).
    package var responseBytesMax = 256 * 1024 * 1024
    /// `rest_connections_max`: beyond it nothing is accepted until one ends.
    package var connectionsMax = 1_024
    /// `rest_idle_timeout_in_seconds`: a connection without a request for so long is closed.
    package var idleTimeoutSeconds = 300
    /// `rest_cors_origin`: origins whose pages may call, or `*`; empty = none.
    package var corsOrigins: [String] = []

    package init() {}
}
