// SPDX-License-Identifier: Apache-2.0

import HTTPService
import ServiceLifecycle

/// The HTTP door; turns a failed bind into words.
struct HTTPDoor: Service {
    let server: HTTPServer
    let settings: HTTPServiceSettings

    func run() async throws {
        do {
            try await server.run()
        } catch let error where !(error is CancellationError) {
            throw StartError(
                "SQL over HTTP failed on \(settings.host):\(settings.port) (rest_service_host, dn_rpc_address, "
                    + "rest_service_port): \(error)")
        }
    }
}
