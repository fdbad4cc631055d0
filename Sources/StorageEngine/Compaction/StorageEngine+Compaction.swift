// SPDX-License-Identifier: Apache-2.0

extension StorageEngine {
    /// Does the most urgent piece of maintenance that there is (files that nobody can see any more go, or one merge) on the
    /// calling thread, unthrottled. False if there was nothing to do, or if it failed. Blocks.
    package func compactOnce() -> Bool { compactor.runOnce() }

    /// What can be shown of compaction now.
    package func compactionFacts() -> CompactionFacts { compactor.facts }
}
