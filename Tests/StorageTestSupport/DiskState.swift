// SPDX-License-Identifier: Apache-2.0

import StorageEngine

/// The content of a simulated disk: what the system shows, and what is on the platters.
struct DiskState {
    struct Inode {
        /// What a reader sees.
        var content: [UInt8] = []
        /// What is safe.
        var durable: [UInt8] = []
        /// Where the content may differ from what is safe.
        var dirtyFrom = Int.max
        /// A sync failed: what was dirty then is never written by a later one (the system has forgotten that it is dirty).
        var lostBelow = 0
    }

    /// A change of names that its folder's sync makes durable.
    enum NameChange {
        case link(path: String, inode: Int)
        case unlink(path: String)
        case rename(from: String, to: String, inode: Int)
    }

    static let sectorBytes = 512

    var random: SeededGenerator
    var capacity: Int
    var inodes: [Int: Inode] = [:]
    private var lastInode = 0
    var names: [String: Int] = [:]
    var folders: Set<String> = [""]
    var durableNames: [String: Int] = [:]
    var pendingChanges: [NameChange] = []
    var locks: Set<String> = []
    /// Rises with each restart: handles of earlier ones are void.
    var epoch = 0

    var counts: [DiskOperation: Int] = [:]
    /// Files that are open now, and the most there were.
    var openFiles = (now: 0, max: 0)
    var failures: [DiskOperation: (count: Int, code: StorageError.Code)] = [:]
    var fault: DiskFault?
    var failurePercent = 0
    var operationsUntilDown = Int.max
    var isDown = false

    init(random: SeededGenerator, capacity: Int) {
        self.random = random
        self.capacity = capacity
    }

    func file(at path: String) -> Inode? { names[path].flatMap { inodes[$0] } }

    func notFound(_ path: String) -> StorageError { StorageError(.notFound, "disk:/\(path) is not there") }

    static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }

    func list(_ folder: String) -> [String] {
        let all = Array(names.keys) + folders.filter { !$0.isEmpty }
        return all.filter { Self.folder(of: $0) == folder }
            .map { folder.isEmpty ? $0 : String($0.dropFirst(folder.count + 1)) }.sorted()
    }

    mutating func create(_ path: String) throws(StorageError) -> Int {
        guard folders.contains(Self.folder(of: path)) else { throw notFound(Self.folder(of: path)) }
        guard names[path] == nil else { throw StorageError(.exists, "disk:/\(path) is there already") }
        lastInode += 1
        inodes[lastInode] = Inode()
        names[path] = lastInode
        pendingChanges.append(.link(path: path, inode: lastInode))
        return lastInode
    }

    /// Folders are durable at once, as the protocol promises.
    mutating func makeFolder(_ path: String) {
        var folder = path
        while folders.insert(folder).inserted { folder = Self.folder(of: folder) }
    }

    mutating func rename(_ path: String, to target: String) throws(StorageError) {
        guard let inode = names.removeValue(forKey: path) else { throw notFound(path) }
        names[target] = inode
        pendingChanges.append(.rename(from: path, to: target, inode: inode))
    }

    mutating func remove(_ path: String) throws(StorageError) {
        guard names.removeValue(forKey: path) != nil else { throw notFound(path) }
        pendingChanges.append(.unlink(path: path))
    }

    mutating func syncFolder(_ folder: String) {
        var kept: [NameChange] = []
        for change in pendingChanges {
            if Self.folder(of: change.path) == folder { makeDurable(change) } else { kept.append(change) }
        }
        pendingChanges = kept
    }

    mutating func makeDurable(_ change: NameChange) {
        switch change {
        case .link(let path, let inode): durableNames[path] = inode
        case .unlink(let path): durableNames[path] = nil
        case .rename(let from, let to, let inode):
            durableNames[from] = nil
            durableNames[to] = inode
        }
    }

    mutating func append(_ bytes: Span<UInt8>, to inode: Int, _ path: String) throws(StorageError) {
        var failure: StorageError?
        do throws(StorageError) { try begin(.write, path) } catch { failure = error }
        let free = max(0, capacity - inodes.values.reduce(0) { $0 + $1.content.count })
        if failure == nil, bytes.count > free {
            failure = StorageError(.full, "cannot write disk:/\(path): no space left")
        }
        // A write that fails may have got some of its bytes out.
        let count = failure == nil ? bytes.count : min(free, random.below(bytes.count + 1))
        guard var file = inodes.removeValue(forKey: inode) else { throw notFound(path) }
        file.dirtyFrom = min(file.dirtyFrom, file.content.count)
        unsafe bytes.extracting(0..<count).withUnsafeBufferPointer { unsafe file.content.append(contentsOf: $0) }
        inodes[inode] = file
        if let failure { throw failure }
    }

    mutating func sync(_ inode: Int, _ path: String) throws(StorageError) {
        do throws(StorageError) {
            try begin(.sync, path)
        } catch {
            let count = inodes[inode]?.content.count ?? 0
            inodes[inode]?.lostBelow = count
            throw error
        }
        guard var file = inodes.removeValue(forKey: inode) else { throw notFound(path) }
        if file.dirtyFrom < file.content.count {
            let from = min(max(file.dirtyFrom, file.lostBelow), file.content.count)
            // What was lost by a failed sync stays a hole.
            while file.durable.count < from { file.durable.append(0) }
            file.durable.removeSubrange(from...)
            file.durable.append(contentsOf: file.content[from...])
        }
        if file.lostBelow == 0 { file.dirtyFrom = .max }
        inodes[inode] = file
    }

    /// What is read from now on is what is safe.
    mutating func dropCache(_ inode: Int) {
        guard var file = inodes.removeValue(forKey: inode) else { return }
        file.content = file.durable
        file.dirtyFrom = .max
        file.lostBelow = 0
        inodes[inode] = file
    }

    mutating func overwrite(_ path: String, with bytes: [UInt8]) {
        guard let inode = names[path] else { return }
        inodes[inode] = Inode(content: bytes, durable: bytes)
    }
}

extension DiskState.NameChange {
    /// The name whose folder has to be synced.
    var path: String {
        switch self {
        case .link(let path, _), .unlink(let path): path
        case .rename(_, let to, _): to
        }
    }
}
