// SPDX-License-Identifier: Apache-2.0

import AccessControl
import Hummingbird
import HTTPTypes
import NIOCore

/// What the routes know of a request: where it comes from, and, behind ``AuthenticationMiddleware``, who sent it.
struct HTTPRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// nil where the transport does not tell; counts as remote.
    let remoteAddress: SocketAddress?
    /// The user; nil only where no authentication is asked for.
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// Loopback only if the peer is, and no proxy says that it speaks for somebody else (design promise P7).
    func origin(of request: Request) -> ConnectionOrigin {
        guard let remoteAddress, remoteAddress.isLoopback else { return .remote }
        for name in ["Forwarded", "X-Forwarded-For", "X-Real-IP"] {
            if let field = HTTPField.Name(name), request.headers[field] != nil { return .remote }
        }
        return .loopback
    }
}

extension SocketAddress {
    /// 127.0.0.0/8, ::1, and the former written as IPv6.
    var isLoopback: Bool {
        guard let text = ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.lowercased().hasPrefix("::ffff:127.")
    }
}
