// SPDX-License-Identifier: Apache-2.0

import TimeSeriesModel

extension MemtableSet {
    /// The sequence whose flush empties all frozen memtables; nil = none waits.
    var lastFrozenSequence: LogSequence? { newestFrozen?.lastSequence }
}
