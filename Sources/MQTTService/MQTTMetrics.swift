// SPDX-License-Identifier: Apache-2.0

import Ingestion
import MQTTBroker
import ServerMetrics
import TimeSeriesModel

/// The counters of the MQTT door (`mqtt-payloads.md` section 10.3), registered once and shared by all loops.
struct MQTTMetrics: Sendable {
    let payloads: [IngestionVerdict.Outcome: Counter]
    let routedOnly: Counter
    let payloadBytes: Counter
    let storedRows: Counter
    let storedPoints: Counter
    let refusedRows: Counter
    /// By `ProblemCode.rawValue`.
    let problems: [Counter]
    /// By `Oddity.rawValue`.
    let oddities: [Counter]
    let pauses: Counter
    let acknowledgementLatency: LatencyHistogram
    let broker: BrokerEvents

    init(registry: MetricsRegistry, budget: InFlightBudget, deadLetters: DeadLetterStore) {
        var payloads: [IngestionVerdict.Outcome: Counter] = [:]
        for outcome in IngestionVerdict.Outcome.allCases {
            payloads[outcome] = registry.counter(
                "mqtt_payloads_total", help: "Payloads by what became of them.", labels: [("outcome", outcome.label)])
        }
        self.payloads = payloads
        routedOnly = registry.counter(
            "mqtt_payloads_not_ingested_total",
            help: "Publishes that mqtt_ingest_topics leaves out, or empty retained ones.")
        payloadBytes = registry.counter("mqtt_payload_bytes_total", help: "Bytes of payloads received.")
        storedRows = registry.counter("mqtt_rows_stored_total", help: "Rows stored.")
        storedPoints = registry.counter("mqtt_points_stored_total", help: "Values stored.")
        refusedRows = registry.counter("mqtt_rows_refused_total", help: "Rows refused.")
        var byCode = [Counter](repeating: refusedRows, count: ProblemCode.slotCount)
        for code in ProblemCode.allCases {
            byCode[Int(code.rawValue)] = registry.counter(
                "mqtt_problems_total", help: "Refused payloads, elements, rows and columns by reason.",
                labels: [("reason", code.name)])
        }
        problems = byCode
        oddities = Oddity.allCases.map { oddity in
            registry.counter(
                "mqtt_oddities_total", help: "Oddities that were stored all the same.", labels: [("kind", oddity.name)])
        }
        pauses = registry.counter(
            "mqtt_read_pauses_total", help: "Times a connection was not read because the log was behind.")
        acknowledgementLatency = registry.histogram(
            "mqtt_commit_latency_seconds", help: "From the hand-over of a batch to its durability.")
        registry.observe("mqtt_queue_bytes", help: "Bytes between socket and log.") { Double(budget.bytes) }
        registry.observe("mqtt_dead_letters", help: "Dead letters kept.") { Double(deadLetters.counts.kept) }
        registry.observe("mqtt_dead_letter_bytes", help: "Bytes of dead letters kept.") {
            Double(deadLetters.counts.keptBytes)
        }
        registry.observe("mqtt_dead_letters_skipped_total", help: "Dead letters not kept because of the rate limit.") {
            Double(deadLetters.counts.skipped)
        }
        registry.observe("mqtt_dead_letters_evicted_total", help: "Dead letters pushed out by newer ones.") {
            Double(deadLetters.counts.evicted)
        }
        broker = BrokerEvents(registry: registry)
    }
}

/// The counts of one loop since it last added them to the shared counters: plain integers on the hot path.
struct PublishCounters {
    var received = 0
    var receivedBytes = 0
    var routedOnly = 0
    var pauses = 0
    private var outcomes = [Int](repeating: 0, count: IngestionVerdict.Outcome.allCases.count)
    private var storedRows = 0
    private var storedPoints = 0
    private var refusedRows = 0
    private var problems = [Int](repeating: 0, count: ProblemCode.slotCount)
    private var oddities = [Int](repeating: 0, count: Oddity.allCases.count)
    private var hasProblems = false

    mutating func count(_ verdict: IngestionVerdict, _ rows: borrowing IncomingRows) {
        outcomes[verdict.outcome.rawValue] += 1
        storedRows += verdict.storedRows
        storedPoints += verdict.storedPoints
        refusedRows += verdict.refusedRows
        for index in oddities.indices { oddities[index] += rows.oddities[index] }
        guard !rows.problems.isEmpty else { return }
        hasProblems = true
        for index in rows.problemCounts.indices { problems[index] += rows.problemCounts[index] }
    }

    /// Adds everything to the shared counters and starts over; once a loop tick.
    mutating func flush(into metrics: MQTTMetrics) {
        for outcome in IngestionVerdict.Outcome.allCases where outcomes[outcome.rawValue] > 0 {
            metrics.payloads[outcome]?.increment(by: UInt64(outcomes[outcome.rawValue]))
            outcomes[outcome.rawValue] = 0
        }
        metrics.payloadBytes.increment(by: UInt64(receivedBytes))
        metrics.storedRows.increment(by: UInt64(storedRows))
        metrics.storedPoints.increment(by: UInt64(storedPoints))
        metrics.refusedRows.increment(by: UInt64(refusedRows))
        metrics.routedOnly.increment(by: UInt64(routedOnly))
        metrics.pauses.increment(by: UInt64(pauses))
        for index in oddities.indices where oddities[index] > 0 {
            metrics.oddities[index].increment(by: UInt64(oddities[index]))
            oddities[index] = 0
        }
        if hasProblems {
            for code in ProblemCode.allCases {
                metrics.problems[Int(code.rawValue)].increment(by: UInt64(problems[Int(code.rawValue)]))
                problems[Int(code.rawValue)] = 0
            }
            hasProblems = false
        }
        (received, receivedBytes, routedOnly, pauses) = (0, 0, 0, 0)
        (storedRows, storedPoints, refusedRows) = (0, 0, 0)
    }
}
