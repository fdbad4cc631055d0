// SPDX-License-Identifier: Apache-2.0

package import AccessControl
import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
package import QueryEngine
package import ServerMetrics
import ServiceLifecycle

/// The HTTP door: IoTDB's REST service (version 2), `/ping` and `/metrics` in Prometheus text format.
package struct HTTPServer: Service {
    private let settings: HTTPServiceSettings
    private let services: HTTPDoorServices
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let onRunning: @Sendable (any Channel) async -> Void

    /// `isServing` says whether the engine takes writes (`/ping`); `onRunning` is told the bound channel.
    package init(
        settings: HTTPServiceSettings, query: QueryService, access: AccessController, metrics: MetricsRegistry,
        isServing: @escaping @Sendable () -> Bool, eventLoopGroup: any EventLoopGroup, logger: Logger,
        onRunning: @escaping @Sendable (any Channel) async -> Void
    ) {
        self.settings = settings
        services = HTTPDoorServices(query: query, access: access, metrics: metrics, isServing: isServing)
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.onRunning = onRunning
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    package func run() async throws {
        try await application.run()
    }

    /// The server with its routes; tests drive it directly.
    var application: some ApplicationProtocol {
        Application(
            router: HTTPRoutes(settings: settings, services: services, logger: logger).router(),
            server: .http1(configuration: .init(idleTimeout: .seconds(Int64(settings.idleTimeoutSeconds)))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "Apus", backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.connectionsMax)),
            onServerRunning: onRunning, eventLoopGroupProvider: .shared(eventLoopGroup), logger: logger)
    }
}

/// What the routes stand on.
struct HTTPDoorServices: Sendable {
    let query: QueryService
    let access: AccessController
    let metrics: MetricsRegistry
    let isServing: @Sendable () -> Bool
}
