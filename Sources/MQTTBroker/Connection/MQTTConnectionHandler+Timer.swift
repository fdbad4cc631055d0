// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
import NIOCore

extension MQTTConnectionHandler {
    /// Sees to it that the timer runs out no later than the first deadline. A deadline that moved away is left to the timer
    /// that runs: it finds nothing and starts anew, so that a sign of life costs nothing.
    func updateTimer() {
        guard let context, let next = clock?.next else { return }
        if let timerDeadline, timerDeadline <= next.deadline { return }
        timer?.cancel()
        timerDeadline = next.deadline
        let callback = ConnectionTimer(handler: NIOLoopBound(self, eventLoop: context.eventLoop))
        // It fails only when the event loop shuts down, which ends the connection anyway.
        timer = try? context.eventLoop.scheduleCallback(at: next.deadline, handler: callback)
    }

    fileprivate func timerFired() {
        timer = nil
        timerDeadline = nil
        guard let context, let clock else { return }
        switch clock.expired(at: context.eventLoop.now) {
        case nil: updateTimer()
        case .connect: pump.machine.connectTimedOut().map(finish)
        case .packet:
            end(Closing(code: .unspecifiedError, reason: .protocolError, message: "a packet did not end in time"))
        case .keepAlive:
            let message = "nothing was heard for 1.5 times the keep-alive of \(pump.machine.keepAliveSeconds) s"
            end(Closing(code: .keepAliveTimeout, reason: .keepAlive, message: message))
        case .pause:
            let message = "not read for \(limits.pauseLimitSeconds) s (mqtt_pause_limit_seconds): the server is behind"
            end(Closing(code: .serverBusy, reason: .pauseLimit, message: message))
        case .linger: context.close(promise: nil)
        }
    }
}

/// The one timer of a connection.
private struct ConnectionTimer<A: Authenticator, P: PublishHandler>: NIOScheduledCallbackHandler, Sendable
where A.Identity == P.Identity {
    let handler: NIOLoopBound<MQTTConnectionHandler<A, P>>

    func handleScheduledCallback(eventLoop: some EventLoop) { handler.value.timerFired() }
}
