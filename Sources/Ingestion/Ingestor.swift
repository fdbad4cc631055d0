// SPDX-License-Identifier: Apache-2.0

package import AccessControl
package import StorageEngine
package import TimeSeriesModel

/// Turns the rows of messages into typed tablets of a write batch: path, permission, series and types, in the reading
/// order of `mqtt-payloads.md` section 9. One per worker (event loop); not thread-safe.
///
/// Nothing of a row is created before all its checks have passed. A refusal never costs its neighbours.
package final class Ingestor {
    let service: IngestionService
    let converter: CellConverter
    private var cache: SeriesCache
    var tablet = Tablet()
    /// The column being filled, outside of the tablet so that appending checks no uniqueness.
    var scratch = ValueColumn(.boolean)
    var storedRows = 0
    var storedPoints = 0

    package init(service: IngestionService) {
        self.service = service
        converter = CellConverter(precision: service.settings.precision)
        cache = SeriesCache(
            entriesMax: service.settings.cacheEntriesMax, bytesMax: service.settings.cacheBytesMax)
    }

    /// Appends everything acceptable of `rows` to `batch`; what is not becomes a problem in `rows`.
    package func ingest(
        _ rows: inout IncomingRows, as principal: Principal, into batch: inout WriteBatch
    ) -> IngestionVerdict {
        storedRows = 0
        storedPoints = 0
        for index in rows.groups.indices {
            let group = rows.groups[index]
            if group.rows.isEmpty { continue }
            guard let resolved = resolve(group, in: &rows, as: principal) else { continue }
            fillArrivalTimes(group, in: &rows, device: resolved.path)
            noteAlignment(group, resolved, in: &rows)
            let expired = refuseExpiredRows(group, resolved, in: &rows)
            if resolved.isReady, group.declaredTypes == nil, expired.isEmpty {
                appendReady(group, resolved, in: &rows, to: &batch)
            } else {
                appendChecked(group, resolved, in: &rows, excluding: expired, as: principal, to: &batch)
            }
        }
        return IngestionVerdict(
            storedRows: storedRows, storedPoints: storedPoints, refusedRows: rows.refusedRows,
            problemCounts: rows.problems.isEmpty ? [] : rows.problemCounts)
    }

    /// A device that exists keeps its form; a wish that disagrees is counted (B16).
    private func noteAlignment(_ group: IncomingGroup, _ resolved: ResolvedGroup, in rows: inout IncomingRows) {
        guard let isAligned = group.isAligned, let device = service.storage.schema.device(at: resolved.path.text),
            device.isAligned != isAligned
        else { return }
        rows.count(.alignmentIgnored)
    }

    /// The group's names looked up; nil if the whole group was refused.
    private func resolve(
        _ group: IncomingGroup, in rows: inout IncomingRows, as principal: Principal
    ) -> ResolvedGroup? {
        let hash = cache.hash(of: group, in: rows, principal: principal)
        let schemaGeneration = service.storage.schema.generation
        let accessGeneration = service.access.generation
        if let entry = cache.entry(
            hash, group, in: rows, principal: principal, schemaGeneration: schemaGeneration,
            accessGeneration: accessGeneration)
        {
            return entry
        }
        let resolver = GroupResolver(service: service, principal: principal)
        do throws(Refusal) {
            let entry = try resolver.resolve(
                group, in: rows, schemaGeneration: schemaGeneration, accessGeneration: accessGeneration)
            cache.insert(entry, hash: hash)
            return entry
        } catch {
            refuse(group, in: &rows, error)
            return nil
        }
    }

    /// Gives rows without a time the arrival time.
    private func fillArrivalTimes(_ group: IncomingGroup, in rows: inout IncomingRows, device: DevicePath) {
        guard !rows.usesArrivalTime.isEmpty else { return }
        for row in group.rows where rows.usesArrivalTime[row] {
            rows.times[row] = service.arrivalTime(for: device)
            rows.usesArrivalTime[row] = false
        }
    }

    /// Refuses a whole group.
    func refuse(_ group: IncomingGroup, in rows: inout IncomingRows, _ refusal: Refusal) {
        rows.refusedRows += group.rows.count
        report(refusal.code, in: &rows) { rows in
            Problem(
                refusal.code, .element, element: group.element, device: rows.shownDevice(group.device),
                refusal.message)
        }
    }

    /// Counts a problem, and keeps it up to the limit of one message.
    func report(_ code: ProblemCode, in rows: inout IncomingRows, _ problem: (borrowing IncomingRows) -> Problem) {
        rows.report(code, keeping: service.settings.problemsMax, problem)
    }
}

/// Why a group, row or column is refused.
struct Refusal: Error {
    var code: ProblemCode
    var message: String

    init(_ code: ProblemCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
