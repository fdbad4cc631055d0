// SPDX-License-Identifier: Apache-2.0

import Logging
import MQTTProtocol
import NIOCore
import ServerMetrics

extension MQTTConnectionHandler {
    func start(_ context: ChannelHandlerContext) {
        guard clock == nil else { return }
        clock = ConnectionClock(limits: limits, now: context.eventLoop.now)
        events.connections.increment()
        events.openConnections.add(1)
        pump.machine.isLoopback = context.remoteAddress.map(Self.isLoopback) ?? false
        let handle = makeHandle(context.eventLoop)
        number = registry.open(limit: limits.connectionsMax, handle)
        guard number != nil else {
            // Nothing of it is read.
            if let ending = pump.machine.end(
                Closing(code: .quotaExceeded, reason: .server, message: "too many connections"))
            {
                finish(ending)
            }
            return
        }
        updateTimer()
    }

    private func makeHandle(_ eventLoop: any EventLoop) -> ConnectionHandle {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return ConnectionHandle { closing, ended in
            eventLoop.execute {
                bound.value.end(closing)
                ended()
            }
        }
    }

    /// Asks who the client is; what it sends meanwhile waits in the socket.
    func authenticate(_ request: AuthenticationRequest) {
        guard let context else { return }
        clock?.connectArrived()
        hold(.authentication)
        let eventLoop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        authenticator.authenticate(request) { verdict in
            if eventLoop.inEventLoop {
                bound.value.authenticated(verdict)
            } else {
                eventLoop.execute { bound.value.authenticated(verdict) }
            }
        }
    }

    private func authenticated(_ verdict: AuthenticationVerdict<A.Identity>) {
        guard let context, let number, pump.machine.phase == .authenticating else { return }
        switch verdict {
        case .refused(let refusal, let message):
            if let ending = pump.machine.refuse(refusal, message: message) { finish(ending) }
        case .accepted(let identity):
            guard let previous = registry.claim(pump.machine.clientID, for: number) else { return connect(identity) }
            // The old connection is over, its will published, before the new one hears of its success.
            let eventLoop = context.eventLoop
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            let closing = Closing(
                code: .sessionTakenOver, reason: .takenOver, message: "another connection uses the client identifier")
            events.takeOvers.increment()
            previous.end(closing) {
                eventLoop.execute { bound.value.connect(identity) }
            }
        }
    }

    private func connect(_ identity: A.Identity) {
        guard let context, pump.machine.phase == .authenticating else { return }
        if let ending = pump.machine.accept() { return finish(ending) }
        events.acceptedClients.increment()
        pump.frames.version = pump.machine.version
        pump.frames.remainingLengthMax = limits.messageBytesMax
        clock?.connected(keepAliveSeconds: pump.machine.keepAliveSeconds, now: context.eventLoop.now)
        let facts = ClientFacts(
            clientID: pump.machine.clientID, userName: pump.machine.userName, version: pump.machine.version,
            remoteAddress: context.remoteAddress, keepAliveSeconds: pump.machine.keepAliveSeconds)
        isDispatching = true
        session = PublishSession(publishHandler, publishHandler.connected(facts, identity: identity, sink: self))
        isDispatching = false
        release(.authentication)
        logger.debug(
            "client connected",
            metadata: [
                "client": "\(printable(pump.machine.clientID))", "version": "\(pump.machine.version.text)",
                "address": "\(context.remoteAddress?.description ?? "unknown")",
            ])
        if !deferred.isEmpty { runDeferred() }
        // Inside of process() its loop goes on by itself.
        guard !isProcessing else { return }
        process()
        burstEnded()
    }

    static func isLoopback(_ address: SocketAddress) -> Bool {
        if case .unixDomainSocket = address { return true }
        guard let text = address.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }
}
