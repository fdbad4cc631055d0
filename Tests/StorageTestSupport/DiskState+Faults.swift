// SPDX-License-Identifier: Apache-2.0

import StorageEngine

extension DiskState {
    /// Counts an operation, and throws if it is to fail.
    mutating func begin(_ kind: DiskOperation, _ path: String) throws(StorageError) {
        if isDown { throw StorageError(.io, "the power is gone") }
        counts[kind, default: 0] += 1
        try askFault(kind, path)
        guard kind != .read else { return }
        if operationsUntilDown != .max {
            operationsUntilDown -= 1
            if operationsUntilDown < 0 {
                isDown = true
                throw StorageError(.io, "the power is gone")
            }
        }
        if let (count, code) = failures[kind], count > 0 {
            failures[kind] = count > 1 ? (count - 1, code) : nil
            throw StorageError(code, "simulated failure: \(kind) of disk:/\(path)")
        }
        if failurePercent > 0, random.chance(failurePercent) {
            throw StorageError(.io, "simulated failure: \(kind) of disk:/\(path)")
        }
    }

    /// Throws if the test wants it.
    func askFault(_ kind: DiskOperation, _ path: String) throws(StorageError) {
        guard let fault else { return }
        let event = DiskEvent(kind: kind, path: path, byteCount: file(at: path)?.content.count ?? 0)
        guard let code = fault(event) else { return }
        throw StorageError(code, "simulated failure: \(kind) of disk:/\(path)")
    }

    /// Voids handles and locks.
    mutating func restart() {
        epoch += 1
        locks = []
        isDown = false
        operationsUntilDown = .max
        failures = [:]
        fault = nil
        failurePercent = 0
    }

    /// What was not synced is kept, lost or torn.
    mutating func crash() {
        restart()
        forgetNames()
        for (number, inode) in inodes.sorted(by: { $0.key < $1.key }) where inode.dirtyFrom < inode.content.count {
            inodes[number] = survivor(of: inode)
        }
        inodes = inodes.filter { number, _ in names.values.contains(number) }
        for number in inodes.keys {
            inodes[number]?.dirtyFrom = .max
            inodes[number]?.lostBelow = 0
        }
    }

    /// Any subset of the changes that were not synced happened; a rename as one step.
    private mutating func forgetNames() {
        let percent = [0, 50, 100][random.below(3)]
        for change in pendingChanges where random.chance(percent) {
            if case .rename(let from, _, let inode) = change, durableNames[from] != inode { continue }
            makeDurable(change)
        }
        pendingChanges = []
        names = durableNames
    }

    /// Each sector behind the first dirty byte is old or new, the length anywhere between.
    private mutating func survivor(of inode: Inode) -> Inode {
        var result = Inode(content: inode.durable, durable: inode.durable)
        let percent = [0, 50, 90, 100][random.below(4)]
        guard percent > 0 else { return result }
        let lengths = [
            inode.content.count, inode.durable.count + random.below(inode.content.count - inode.durable.count + 1),
        ]
        let length = percent == 100 ? inode.content.count : lengths[random.below(2)]
        while result.content.count < length { result.content.append(0) }
        var start = min(inode.dirtyFrom, length) / Self.sectorBytes * Self.sectorBytes
        while start < length {
            let end = min(start + Self.sectorBytes, length)
            if random.chance(percent) {
                result.content.replaceSubrange(start..<end, with: inode.content[start..<end])
            }
            start = end
        }
        result.durable = result.content
        return result
    }
}
