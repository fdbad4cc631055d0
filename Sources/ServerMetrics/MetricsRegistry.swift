// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// All metrics of a server. A room registers each of its metrics once, at start, and keeps the instrument; nothing is looked
/// up by name on a hot path.
///
/// Names are those of Prometheus: lower case with `_`, the unit last, counters end in `_total`. Asking again for the same
/// name and labels returns the same instrument, so rooms may share one; another kind under a known name is a bug.
package final class MetricsRegistry: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    enum Instrument: Sendable {
        case counter(Counter)
        case gauge(Gauge)
        case histogram(LatencyHistogram)
        /// A number that its owner keeps and that is asked for when somebody looks.
        case observed(@Sendable () -> Double)
    }

    struct Family: Sendable {
        let kind: Kind
        let help: String
        var members: [[MetricLabel]: Instrument] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    /// The counter of this name and these labels.
    package func counter(_ name: String, help: String, labels: [(String, String)] = []) -> Counter {
        let instrument = member(name, .counter, help, labels) { .counter(Counter()) }
        guard case .counter(let counter) = instrument else {
            preconditionFailure("metric \(name) is registered as an observed value, not as a counter")
        }
        return counter
    }

    /// The gauge of this name and these labels.
    package func gauge(_ name: String, help: String, labels: [(String, String)] = []) -> Gauge {
        let instrument = member(name, .gauge, help, labels) { .gauge(Gauge()) }
        guard case .gauge(let gauge) = instrument else {
            preconditionFailure("metric \(name) is registered as an observed value, not as a gauge")
        }
        return gauge
    }

    /// The histogram of this name and these labels; the name ends in `_seconds`.
    package func histogram(_ name: String, help: String, labels: [(String, String)] = []) -> LatencyHistogram {
        let instrument = member(name, .histogram, help, labels) { .histogram(LatencyHistogram()) }
        guard case .histogram(let histogram) = instrument else {
            preconditionFailure("metric \(name) is not a histogram")
        }
        return histogram
    }

    /// A value that is read when metrics are listed; a name that ends in `_total` is shown as a counter. `read` runs on the
    /// lister's thread, must be quick and must not register metrics. Registering again replaces it.
    package func observe(
        _ name: String, help: String, labels: [(String, String)] = [], read: @escaping @Sendable () -> Double
    ) {
        let key = Self.canonical(labels)
        let kind: Kind = name.hasSuffix("_total") ? .counter : .gauge
        families.withLock { families in
            Self.check(name, kind, &families, help)
            families[name]?.members[key] = .observed(read)
        }
    }

    /// Every family by name, read while nobody registers.
    func sortedFamilies() -> [(name: String, family: Family)] {
        families.withLock { $0 }.map { (name: $0.key, family: $0.value) }.sorted { $0.name < $1.name }
    }

    private func member(
        _ name: String, _ kind: Kind, _ help: String, _ labels: [(String, String)], make: () -> Instrument
    ) -> Instrument {
        let key = Self.canonical(labels)
        return families.withLock { families in
            Self.check(name, kind, &families, help)
            if let known = families[name]?.members[key] { return known }
            let made = make()
            families[name]?.members[key] = made
            return made
        }
    }

    private static func check(_ name: String, _ kind: Kind, _ families: inout [String: Family], _ help: String) {
        let family = families[name] ?? Family(kind: kind, help: help)
        precondition(family.kind == kind, "metric \(name) is a \(family.kind), not a \(kind)")
        families[name] = family
    }

    private static func canonical(_ labels: [(String, String)]) -> [MetricLabel] {
        labels.map { MetricLabel(name: $0.0, value: $0.1) }.sorted()
    }
}
