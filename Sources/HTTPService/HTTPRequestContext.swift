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

    /// Loopback only if the peer is, no proxy says that it speaks for somebody else, and no web page does: a browser on this
    /// machine carries the wishes of strangers (design promise P7).
    func origin(of request: Request) -> ConnectionOrigin {
        guard let remoteAddress, remoteAddress.isLoopback, Self.namesThisMachine(request.head.authority ?? "") else {
            return .remote
        }
        for name in Self.strangers {
            if let field = HTTPField.Name(name), request.headers[field] != nil { return .remote }
        }
        return .loopback
    }

    /// Headers of proxies, and the one that browsers add to what a page sends.
    private static let strangers = [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via", "Origin",
    ]

    /// Whether a Host header names a loopback address: another name may have been made to point here (DNS rebinding).
    static func namesThisMachine(_ authority: String) -> Bool {
        let text = authority.lowercased()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            return isLoopback(String(text[text.index(after: text.startIndex)..<end]))
        }
        let host = String(text.prefix { $0 != ":" })
        return host == "localhost" || isLoopback(host)
    }

    private static func isLoopback(_ address: String) -> Bool {
        guard let address = try? SocketAddress(ipAddress: address, port: 0) else { return false }
        return address.isLoopback
    }
}

extension SocketAddress {
    /// 127.0.0.0/8, ::1, and the former written as IPv6.
    var isLoopback: Bool {
        guard let text = ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.lowercased().hasPrefix("::ffff:127.")
    }
}
