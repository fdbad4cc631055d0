// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What LOAD names: a file, or a folder with files, on the server's machine.
enum LoadPath {
    /// Files of one statement at most.
    static let filesMax = 100_000
    /// Folders in folders at most.
    private static let depthMax = 16

    /// The TsFiles that the path means, those that are older first, so that newer points win. 301 if it does not exist or lies
    /// outside of `allowed` (`load_dirs`; empty = anything is allowed), links resolved.
    static func files(_ path: String, allowed: [String]) throws(StatementError) -> [String] {
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw .failed("LOAD needs the absolute path of a file or folder on the server's machine, not `\(path)`")
        }
        guard let real = resolved(path) else {
            throw .failed("\(path) cannot be loaded: \(LocalFile.reason(errno))")
        }
        try check(path, real, allowed)
        guard let isFolder = isFolder(real) else { throw .failed("\(path) is neither a file nor a folder") }
        guard isFolder else { return [real] }
        var found: [String] = []
        try gather(real, depth: 0, into: &found)
        guard !found.isEmpty else { throw .failed("there is no file *.tsfile in \(path)") }
        return found.sorted(by: precedes)
    }

    private static func check(_ path: String, _ real: String, _ allowed: [String]) throws(StatementError) {
        guard !allowed.isEmpty else { return }
        for folder in allowed.compactMap(resolved) where real == folder || real.hasPrefix(folder + "/") { return }
        throw .failed("\(path) is not in a folder of load_dirs (\(allowed.joined(separator: ", ")))")
    }

    /// The path without links; nil (and errno) if there is nothing.
    private static func resolved(_ path: String) -> String? {
        guard let pointer = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(pointer) }
        return unsafe String(cString: pointer)
    }

    /// Nil = neither a file nor a folder. A link inside of a folder is neither, lest it leads out of it.
    private static func isFolder(_ path: String) -> Bool? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return true
        case S_IFREG: return false
        default: return nil
        }
    }

    private static func gather(_ folder: String, depth: Int, into found: inout [String]) throws(StatementError) {
        guard depth < depthMax else { throw .failed("\(folder) is more than \(depthMax) folders deep") }
        for name in try names(in: folder) {
            let path = folder + "/" + name
            switch isFolder(path) {
            case true?: try gather(path, depth: depth + 1, into: &found)
            case false? where name.hasSuffix(".tsfile"): found.append(path)
            default: continue
            }
            guard found.count <= filesMax else { throw .failed("more than \(filesMax) files; load folder by folder") }
        }
    }

    private static func names(in folder: String) throws(StatementError) -> [String] {
        guard let handle = unsafe opendir(folder) else {
            throw .failed("\(folder) cannot be listed: \(LocalFile.reason(errno))")
        }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// By creation time and version where the names have the four numbers of IoTDB's, else by name.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        guard let a = numbers(left), let b = numbers(right), a != b else { return left < right }
        return a.lexicographicallyPrecedes(b)
    }

    private static func numbers(_ path: String) -> [Int64]? {
        let name = path.split(separator: "/").last ?? ""
        let parts = name.dropLast(".tsfile".utf8.count).split(separator: "-").map { Int64($0) }
        return parts.count == 4 && parts.allSatisfy { $0 != nil } ? parts.compactMap(\.self) : nil
    }
}
