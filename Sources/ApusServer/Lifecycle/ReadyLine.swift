// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Prints one line on standard output when every door is open: `apus is ready: mqtt HOST:PORT, rest HOST:PORT`.
final class ReadyLine: Sendable {
    enum Door: String, CaseIterable {
        case mqtt
        case rest
    }

    private let addresses: Mutex<[Door: String]>
    private let expected: Int
    private let write: @Sendable (String) -> Void

    /// Doors that are not `open` are shown as `off`.
    init(open: [Door], write: @escaping @Sendable (String) -> Void) {
        let closed = Door.allCases.filter { !open.contains($0) }
        addresses = Mutex(Dictionary(uniqueKeysWithValues: closed.map { ($0, "off") }))
        expected = Door.allCases.count
        self.write = write
    }

    /// A door is open at `address`; the last one prints the line.
    func opened(_ door: Door, at address: SocketAddress?) {
        let line = addresses.withLock { addresses -> String? in
            addresses[door] = Self.text(address)
            guard addresses.count == expected else { return nil }
            return Door.allCases.map { "\($0) \(addresses[$0] ?? "off")" }.joined(separator: ", ")
        }
        if let line { write("apus is ready: \(line)\n") }
    }

    /// No door is open: there is nothing to wait for.
    func allClosed() {
        write("apus is ready: " + Door.allCases.map { "\($0) off" }.joined(separator: ", ") + "\n")
    }

    static func text(_ address: SocketAddress?) -> String {
        guard let address, let port = address.port else { return "?" }
        let host = address.ipAddress ?? "?"
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
