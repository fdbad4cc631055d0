// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The deadlines of one connection; all times come from its event loop. While the socket is not read, only the limit of
/// that pause runs; everything that the client has to do in time stands still (`mqtt-broker.md` section 11).
struct ConnectionClock {
    /// What has run out.
    enum Expiry: Equatable {
        /// No CONNECT.
        case connect
        /// A packet that began and did not end.
        case packet
        /// No sign of life.
        case keepAlive
        /// Not read for too long.
        case pause
        /// Time enough to read the last words.
        case linger
    }

    private let packetTimeout: TimeAmount
    private let packetBytesPerSecondMin: Int
    private let pauseLimit: TimeAmount
    private var connectDeadline: NIODeadline?
    /// 1.5 times the client's keep-alive; nil = off.
    private var keepAlive: TimeAmount?
    private var lastHeard: NIODeadline
    private var packetBegan: NIODeadline?
    private var packetBytes = 0
    private var pausedSince: NIODeadline?
    private var lingerDeadline: NIODeadline?

    /// A connection that was accepted now.
    init(limits: BrokerLimits, now: NIODeadline) {
        packetTimeout = .seconds(Int64(limits.packetTimeoutSeconds))
        packetBytesPerSecondMin = limits.packetBytesPerSecondMin
        pauseLimit = .seconds(Int64(limits.pauseLimitSeconds))
        connectDeadline = now + .seconds(Int64(limits.connectTimeoutSeconds))
        lastHeard = now
    }

    /// CONNECT is complete.
    mutating func connectArrived() { connectDeadline = nil }

    /// CONNACK was sent; the keep-alive runs from now on.
    mutating func connected(keepAliveSeconds: UInt16, now: NIODeadline) {
        keepAlive = keepAliveSeconds == 0 ? nil : .milliseconds(Int64(keepAliveSeconds) * 1_500)
        lastHeard = now
    }

    /// A socket read is over. `openBytes` of its last packet are here, which is not complete, unless they are 0;
    /// `isNewPacket` = others before it were completed.
    mutating func heard(at now: NIODeadline, openBytes: Int, isNewPacket: Bool) {
        lastHeard = now
        packetBytes = openBytes
        if openBytes == 0 {
            packetBegan = nil
        } else if isNewPacket || packetBegan == nil {
            packetBegan = now
        }
    }

    /// The socket is not read from now on.
    mutating func paused(at now: NIODeadline) { pausedSince = pausedSince ?? now }

    /// The socket is read again: what stood still goes on.
    mutating func resumed(at now: NIODeadline) {
        guard let since = pausedSince else { return }
        pausedSince = nil
        lastHeard = lastHeard + (now - since)
        packetBegan = packetBegan.map { $0 + (now - since) }
        connectDeadline = connectDeadline.map { $0 + (now - since) }
    }

    /// Everything is said; the peer gets so much time.
    mutating func lingers(until deadline: NIODeadline) { lingerDeadline = deadline }

    /// The first deadline and what it is.
    var next: (deadline: NIODeadline, expiry: Expiry)? {
        if let lingerDeadline { return (lingerDeadline, .linger) }
        if let pausedSince { return (pausedSince + pauseLimit, .pause) }
        var first: (deadline: NIODeadline, expiry: Expiry)?
        func consider(_ deadline: NIODeadline?, _ expiry: Expiry) {
            guard let deadline, deadline < first?.deadline ?? .distantFuture else { return }
            first = (deadline, expiry)
        }
        consider(connectDeadline, .connect)
        // A slow link may take longer for a large packet, but not as long as it likes.
        let extra = TimeAmount.seconds(Int64(packetBytes / packetBytesPerSecondMin))
        consider(packetBegan.map { $0 + packetTimeout + extra }, .packet)
        consider(keepAlive.map { lastHeard + $0 }, .keepAlive)
        return first
    }

    /// What has run out by now.
    func expired(at now: NIODeadline) -> Expiry? {
        guard let next, next.deadline <= now else { return nil }
        return next.expiry
    }
}
