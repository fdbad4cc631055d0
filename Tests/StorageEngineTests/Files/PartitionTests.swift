// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import StorageEngine

@Suite struct PartitionTests {
    @Test(
        arguments: [
            (0, 0), (1, 0), (604_799_999, 0), (604_800_000, 1), (-1, -1), (-604_800_000, -1), (-604_800_001, -2),
        ] as [(Int64, Int64)])
    func `a partition is the floor of the division`(_ time: Int64, _ partition: Int64) {
        #expect(Partitioning(interval: 604_800_000).partition(of: time) == partition)
    }

    @Test(arguments: [1, 7, 604_800_000, Int64.max] as [Int64])
    func `ranges join without gaps, up to the ends of the 64 bits`(_ interval: Int64) {
        let partitioning = Partitioning(interval: interval)
        for time in [Int64.min, .min + 1, -8, -7, -1, 0, 1, 6, 7, 604_800_000, .max - 1, .max] {
            let partition = partitioning.partition(of: time)
            let range = partitioning.range(of: partition)
            #expect(range.contains(time))
            #expect(partitioning.partition(of: range.lower) == partition)
            #expect(partitioning.partition(of: range.upper) == partition)
            if range.lower > .min { #expect(partitioning.partition(of: range.lower - 1) == partition - 1) }
            if range.upper < .max { #expect(partitioning.partition(of: range.upper + 1) == partition + 1) }
        }
    }

    @Test func `file names are IoTDB's, and only those are parsed`() {
        let name = FileName(time: 1_700_000_000_000, version: 12)
        #expect(name.text == "1700000000000-12-0-0.tsfile")
        #expect(FileName(parsing: name.text) == name)
        #expect(FileName(parsing: name.text + ".tmp") == name)
        for text in ["a-1-0-0.tsfile", "1-2-3.tsfile", "1-2-0-0.tsfile.resource", "1-2-0-0", "", "1--0-0.tsfile"] {
            #expect(FileName(parsing: text) == nil, "\(text)")
        }
    }

    @Test func `folders of databases are plain names, whatever the path has`() {
        #expect(DatabaseFolder(path: "root.sg_1.a-b", id: 1).name == "root.sg_1.a-b")
        #expect(DatabaseFolder(path: "root.`a/b`", id: 1).name == "root.%60a%2Fb%60")
        #expect(DatabaseFolder(path: "root.ü", id: 1).name == "root.%C3%BC")
        let long = String(repeating: "ü", count: 60)
        let a = DatabaseFolder(path: "root.\(long)a", id: 7).name, b = DatabaseFolder(path: "root.\(long)b", id: 8).name
        #expect(a != b && a.utf8.count <= FileName.folderNameBytesMax && b.utf8.count <= FileName.folderNameBytesMax)
    }
}
