// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The limit of open files: every connection is one.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one; returns the limit that holds now, nil if it cannot be read.
    static func raise() -> UInt64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return UInt64(limit.rlim_cur)
    }
}
