// SPDX-License-Identifier: Apache-2.0

import Testing
import TimeSeriesModel

@testable import TsFile

/// A broken file whose index nodes are each reached from many others: few bytes, but walks of billions of steps.
@Suite struct SharedIndexNodesTests {
    private static let width = 8

    private func file(levels: Int) -> [UInt8] {
        var bytes = TsFileFormat.magic + [TsFileFormat.version]
        let metaOffset = bytes.count
        // The separator, and a byte for each leaf node to point to.
        bytes += [ChunkMarker.separator] + [UInt8](repeating: 0, count: Self.width)
        var below: [Int] = [], end = bytes.count
        for level in 0..<levels {
            var nodes: [Int] = []
            for index in 0..<Self.width {
                nodes.append(bytes.count)
                let target = metaOffset + 1 + index
                bytes +=
                    level == 0 ? node(.leafDevice, [target], target + 1) : node(.internalDevice, below, end)
            }
            below = nodes
            end = bytes.count
        }
        var metadata: [UInt8] = [1]
        metadata.appendVString("root")
        metadata += node(.internalDevice, below, end) + [0]
        metadata.appendInt64(Int64(metaOffset))
        metadata += [0, 0]
        bytes += metadata
        bytes.appendInt32(Int32(metadata.count))
        return bytes + TsFileFormat.magic
    }

    private func node(_ kind: IndexNodeKind, _ offsets: [Int], _ end: Int) -> [UInt8] {
        var draft = IndexNodeDraft(kind: kind)
        draft.endOffset = end
        for offset in offsets {
            var key: [UInt8] = []
            key.append(TsFileDeviceID(segments: ["root", "d"]))
            draft.entries.append((key, offset))
        }
        return draft.encoded()
    }

    private func devices(levels: Int) throws -> Int {
        let reader = try TsFileReader(source: MemoryFile(bytes: file(levels: levels)))
        var devices = reader.devices()
        var count = 0
        while count < 100_000, try devices.next() != nil { count += 1 }
        return count
    }

    @Test func aSoundTreeOfTheSameForm() throws {
        #expect(try devices(levels: 1) == Self.width)
    }

    @Test func theWalkEnds() {
        let error = #expect(throws: TsFileError.self) { try devices(levels: 10) }
        #expect(error?.code == .corrupt && error?.message.contains("share") == true)
    }

    @Test func theDepthIsLimited() {
        let error = #expect(throws: TsFileError.self) { try devices(levels: 17) }
        #expect(error?.code == .limitExceeded && error?.message.contains("indexDepthMax") == true)
    }
}
