// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import StorageEngine

/// Files in memory. Forgets on a crash what was not synced, fails when told to, and counts reads and open files.
final class MemoryDisk: StorageFileSystem {
    struct State {
        var files: [String: MemoryFile] = [:]
        var folders: Set<String> = [""]
        /// Calls that write to let through before all of them fail; nil = no end.
        var writesLeft: Int?
        var opened = 0
    }

    let state = Mutex(State())
    let bytesRead = Atomic<Int>(0)
    let openFiles = Atomic<Int>(0)

    var fileNames: [String] { state.withLock { $0.files.keys.sorted() } }
    var openedCount: Int { state.withLock { $0.opened } }

    func failWrites(after count: Int?) { state.withLock { $0.writesLeft = count } }

    func chargeWrite() throws(StorageError) {
        let fails = state.withLock { state in
            guard let left = state.writesLeft else { return false }
            state.writesLeft = max(0, left - 1)
            return left == 0
        }
        if fails { throw StorageError(.io, "told to fail") }
    }

    func displayName(of path: String) -> String { "disk:\(path)" }

    func createFile(_ path: String) throws(StorageError) -> any StorageFile {
        try chargeWrite()
        let file = MemoryFile(disk: self)
        let isTaken = state.withLock { state in
            guard state.files[path] == nil else { return true }
            state.files[path] = file
            return false
        }
        if isTaken { throw StorageError(.exists, "\(path) exists") }
        return MemoryHandle(file, self)
    }

    func openFile(_ path: String) throws(StorageError) -> any StorageFile {
        let file = state.withLock { state in
            state.opened += 1
            return state.files[path]
        }
        guard let file else { throw StorageError(.notFound, "no file \(path)") }
        return MemoryHandle(file, self)
    }

    func exists(_ path: String) -> Bool { state.withLock { $0.files[path] != nil || $0.folders.contains(path) } }

    func byteCount(of path: String) throws(StorageError) -> Int {
        guard let file = state.withLock({ $0.files[path] }) else { throw StorageError(.notFound, "no file \(path)") }
        return file.bytes.withLock { $0.count }
    }

    func list(_ folder: String) throws(StorageError) -> [String] {
        let prefix = folder.isEmpty ? "" : folder + "/"
        let names = state.withLock { state -> Set<String>? in
            guard state.folders.contains(folder) else { return nil }
            let paths = Array(state.files.keys) + state.folders.filter { !$0.isEmpty && $0 != folder }
            return Set(
                paths.filter { $0.hasPrefix(prefix) }.compactMap {
                    $0.dropFirst(prefix.count).split(separator: "/").first.map(String.init)
                })
        }
        guard let names else { throw StorageError(.notFound, "no folder \(folder)") }
        return names.sorted()
    }

    func makeFolder(_ path: String) throws(StorageError) {
        try chargeWrite()
        state.withLock { state in
            var folder = ""
            for node in path.split(separator: "/") {
                folder += folder.isEmpty ? String(node) : "/\(node)"
                state.folders.insert(folder)
            }
        }
    }

    func syncFolder(_ path: String) throws(StorageError) { try chargeWrite() }

    func rename(_ path: String, to target: String) throws(StorageError) {
        try chargeWrite()
        let isThere = state.withLock { state in
            guard let file = state.files.removeValue(forKey: path) else { return false }
            state.files[target] = file
            return true
        }
        if !isThere { throw StorageError(.notFound, "no file \(path)") }
    }

    func remove(_ path: String) throws(StorageError) {
        try chargeWrite()
        guard state.withLock({ $0.files.removeValue(forKey: path) }) != nil else {
            throw StorageError(.notFound, "no file \(path)")
        }
    }

    func removeFolder(_ path: String) throws(StorageError) { _ = state.withLock { $0.folders.remove(path) } }

    func lock(_ path: String) throws(StorageError) -> any StorageLock { throw StorageError(.locked, "no locks here") }

    /// Puts a file there, or changes one.
    func put(_ path: String, _ bytes: [UInt8]) {
        let file = MemoryFile(disk: self)
        file.bytes.withLock { $0 = bytes }
        state.withLock { $0.files[path] = file }
    }

    func content(of path: String) -> [UInt8] {
        state.withLock { $0.files[path] }?.bytes.withLock { $0 } ?? []
    }
}

/// The content of a file; lives as long as a name or a handle.
final class MemoryFile: Sendable {
    let bytes = Mutex<[UInt8]>([])

    init(disk: MemoryDisk) {}
}

final class MemoryHandle: StorageFile {
    private let file: MemoryFile
    private let disk: MemoryDisk
    private let isClosed = Atomic(false)

    init(_ file: MemoryFile, _ disk: MemoryDisk) {
        self.file = file
        self.disk = disk
        disk.openFiles.wrappingAdd(1, ordering: .relaxed)
    }

    deinit { close() }

    var byteCount: Int { file.bytes.withLock { $0.count } }

    func append(_ bytes: Span<UInt8>) throws(StorageError) {
        try disk.chargeWrite()
        let copy = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
        file.bytes.withLock { $0 += copy }
    }

    func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        disk.bytesRead.wrappingAdd(count, ordering: .relaxed)
        return try file.bytes.withLock { bytes throws(StorageError) in
            guard offset + count <= bytes.count else { throw StorageError(.corrupt, "the file ends early") }
            return Array(bytes[offset..<offset + count])
        }
    }

    func sync() throws(StorageError) { try disk.chargeWrite() }

    func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        disk.openFiles.wrappingSubtract(1, ordering: .relaxed)
    }
}
