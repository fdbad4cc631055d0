// SPDX-License-Identifier: Apache-2.0

import MQTTProtocol
package import NIOCore

/// Publishes many messages over many connections as fast as the server acknowledges them, and measures it.
///
/// One use: ``run()`` connects everybody, begins when all are connected, ends when everything is acknowledged, or with the
/// first connection that breaks.
package struct LoadGenerator: Sendable {
    private let settings: LoadSettings
    private let group: any EventLoopGroup

    /// Connections that are being made at once.
    private static let connectingMax = 64

    /// A load that runs on the event loops of `group`.
    package init(_ settings: LoadSettings, group: any EventLoopGroup) {
        self.settings = settings
        self.group = group
    }

    private struct Member: Sendable {
        let eventLoop: any EventLoop
        let handler: NIOLoopBound<ClientHandler<LoadDriver>>
        let connack: EventLoopFuture<ConnackPacket>
        let done: EventLoopFuture<LoadWindow.Tally>
    }

    /// Runs the load.
    package func run() async throws(MQTTClientError) -> LoadResult {
        precondition(settings.connections > 0 && settings.messages >= 0, "a load needs a connection")
        let members = try await connectAll()
        defer {
            for member in members { member.eventLoop.execute { member.handler.value.disconnect() } }
        }
        let watches = members.map(watch)
        defer { for watch in watches { watch.cancel() } }
        let began = NIODeadline.now()
        for member in members {
            member.eventLoop.execute {
                let handler = member.handler.value
                handler.write { handler.behavior.start(output: &$0) }
            }
        }
        let tallies = try await outcome(of: members)
        return summary(tallies, seconds: Double((NIODeadline.now() - began).nanoseconds) / 1e9)
    }

    /// All tallies, or the first failure as soon as it happens.
    private func outcome(of members: [Member]) async throws(MQTTClientError) -> [LoadWindow.Tally] {
        do {
            return try await EventLoopFuture.whenAllSucceed(members.map(\.done), on: group.any()).get()
        } catch {
            throw MQTTClientError.of(error)
        }
    }

    // MARK: Connecting

    private func connectAll() async throws(MQTTClientError) -> [Member] {
        var members: [Member] = []
        do {
            try await withThrowingTaskGroup(of: Member.self) { tasks in
                for connection in 0..<settings.connections {
                    if connection >= Self.connectingMax, let member = try await tasks.next() { members.append(member) }
                    tasks.addTask { try await connect(connection) }
                }
                for try await member in tasks { members.append(member) }
            }
        } catch {
            for member in members { Self.abandon(member) }
            throw MQTTClientError.of(error)
        }
        return members
    }

    private func connect(_ connection: Int) async throws(MQTTClientError) -> Member {
        let settings = self.settings
        let options = settings.options(ofConnection: connection)
        let member = try await ClientTransport.connect(options, group: group) { channel in
            let loop = channel.eventLoop
            let driver = LoadDriver(settings: settings, connection: connection, eventLoop: loop)
            let handler = ClientHandler(options: options, behavior: driver, eventLoop: loop)
            driver.isWritable = { [weak handler] in handler?.isWritable ?? false }
            try channel.pipeline.syncOperations.addHandler(handler)
            return Member(
                eventLoop: loop, handler: NIOLoopBound(handler, eventLoop: loop), connack: handler.connack,
                done: driver.done)
        }
        do {
            _ = try await member.connack.get()
            return member
        } catch {
            throw MQTTClientError.of(error)
        }
    }

    private static func abandon(_ member: Member) {
        member.eventLoop.execute {
            member.handler.value.fail(MQTTClientError(.closed, "another connection of the load failed"))
        }
    }

    // MARK: Watching

    /// Fails a member that makes no progress.
    private func watch(_ member: Member) -> RepeatedTask {
        let limit = TimeAmount.seconds(Int64(settings.stallTimeoutSeconds))
        let handler = member.handler
        let last = NIOLoopBoundBox.makeBoxSendingValue(-1, eventLoop: member.eventLoop)
        return member.eventLoop.scheduleRepeatedTask(initialDelay: limit, delay: limit) { _ in
            let progress = handler.value.behavior.progress
            if progress == last.value, !handler.value.behavior.isDone {
                handler.value.fail(
                    MQTTClientError(.timeout, "no acknowledgement for \(limit.nanoseconds / 1_000_000_000) s"))
            }
            last.value = progress
        }
    }

    private func summary(_ tallies: [LoadWindow.Tally], seconds: Double) -> LoadResult {
        var result = LoadResult()
        var latencies = LatencyRecorder()
        result.messages = settings.messages
        result.seconds = seconds
        for tally in tallies {
            result.acknowledged += tally.acknowledged
            latencies.add(tally.latencies)
            result.refusals.merge(tally.refusals) {
                ($0.count + $1.count, $0.example.isEmpty ? $1.example : $0.example)
            }
        }
        func quantile(_ fraction: Double) -> Double { Double(latencies.quantile(fraction)) / 1e9 }
        result.latency.p50 = quantile(0.5)
        result.latency.p90 = quantile(0.9)
        result.latency.p99 = quantile(0.99)
        result.latency.p999 = quantile(0.999)
        result.latency.max = Double(latencies.largest) / 1e9
        result.latency.mean = latencies.count > 0 ? latencies.sum / Double(latencies.count) / 1e9 : 0
        return result
    }
}
