// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import Logging
import Synchronization
package import TimeSeriesModel

/// Users, their passwords and their rights: the one place that is asked who somebody is and what they may do.
///
/// Questions are answered from an immutable snapshot; changes are durable when the call returns and are seen by every
/// question that is asked afterwards.
package final class AccessController: Sendable {
    let catalog: any AccessCatalog
    let settings: AccessSettings
    let wallClock: any WallClock
    let logger: Logger
    let checker: PasswordChecker
    /// For changes that are asked for from async code: they hash and sync, so one thread does them in turn.
    let administration = WorkerPool(threadsMax: 1)

    private let snapshot: Mutex<AccessSnapshot>
    private let generationNumber = Atomic<UInt64>(1)
    /// Held while something is changed, the catalog's commit included; its value is the next user's id.
    let changing: Mutex<Int64>
    /// When the log last told that the default password was refused, and how many it kept quiet since.
    let defaultPasswordNotice = Mutex<(time: Int64?, suppressed: Int)>((nil, 0))

    /// Loads all users; makes `root` at first start, with ``AccessSettings/initialRootPassword`` or the default password.
    /// Blocking. Throws 815 when the catalog cannot be read, 820 for a bad initial password or scrypt cost.
    package init(
        catalog: any AccessCatalog, settings: AccessSettings, wallClock: any WallClock, logger: Logger
    ) throws(AccessError) {
        guard settings.scrypt.isValid else {
            throw .illegalParameter("scrypt cost \(settings.scrypt) is outside its limits")
        }
        self.catalog = catalog
        self.settings = settings
        self.wallClock = wallClock
        self.logger = logger
        let state: AccessState
        do { state = try catalog.loadAccess() } catch { throw .catalog(error) }
        var snapshot = AccessSnapshot(state, logger: logger)
        if snapshot[Principal.root.id] == nil {
            snapshot.put(try Self.makeRoot(in: catalog, settings: settings, logger: logger))
        }
        self.snapshot = Mutex(snapshot)
        changing = Mutex(max(state.nextUserID, 1))
        checker = PasswordChecker(settings: settings)
    }

    /// Rises with every change of users, passwords and grants. A decision that was made after reading it holds at least as
    /// long as it stays the same.
    package var generation: UInt64 { generationNumber.load(ordering: .acquiring) }

    /// All users at this moment.
    var current: AccessSnapshot { snapshot.withLock { $0 } }

    /// Shows a change to everybody; the caller holds ``changing``.
    func publish(_ change: (inout AccessSnapshot) -> Void) {
        snapshot.withLock { change(&$0) }
        // After the snapshot: whoever reads the new number sees the new rights.
        generationNumber.add(1, ordering: .acquiringAndReleasing)
    }
}
