// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StorageEngine

/// A file that somebody put into the data folder must not use the numbers up, which would trap at the next one.
@Suite struct StrayNameTests {
    @Test func absurdNumbersAreNoFilesOfOurs() {
        #expect(FileName(parsing: "1-18446744073709551615-0-0.tsfile") == nil)
        #expect(FileName(parsing: "9223372036854775807-1-0-0.tsfile") == nil)
        #expect(FileName(parsing: "-1-1-0-0.tsfile") == nil)
        #expect(FileName(parsing: "1-4611686018427387903-0-0.tsfile")?.version == 4_611_686_018_427_387_903)
        #expect(SegmentName.number(of: "18446744073709551615.wal") == nil)
        #expect(SegmentName.number(of: "0000000007.wal") == 7)
    }
}
