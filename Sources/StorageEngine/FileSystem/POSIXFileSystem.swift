// SPDX-License-Identifier: Apache-2.0

import CPlatform
import Glibc

/// The real file system below one data folder.
package struct POSIXFileSystem: StorageFileSystem {
    /// The data folder, as configured.
    package let folder: String

    private let calls: FileCalls

    package init(folder: String) { self.init(folder: folder, calls: .system) }

    init(folder: String, calls: FileCalls) {
        self.folder = folder
        self.calls = calls
    }

    package func freeByteCount() throws(StorageError) -> Int? {
        let count = unsafe apus_free_bytes(folder)
        return count < 0 ? nil : Int(count)
    }

    package func displayName(of path: String) -> String { path.isEmpty ? folder : folder + "/" + path }

    package func createFile(_ path: String) throws(StorageError) -> any StorageFile {
        try open(path, O_RDWR | O_CREAT | O_EXCL, byteCount: 0)
    }

    package func openFile(_ path: String) throws(StorageError) -> any StorageFile {
        try open(path, O_RDONLY, byteCount: byteCount(of: path))
    }

    private func open(_ path: String, _ flags: Int32, byteCount: Int) throws(StorageError) -> POSIXFile {
        let name = displayName(of: path)
        return POSIXFile(
            descriptor: try descriptor(name, flags, 0o640), name: name, byteCount: byteCount, calls: calls)
    }

    private func descriptor(_ name: String, _ flags: Int32, _ mode: UInt32) throws(StorageError) -> Int32 {
        let descriptor = FileCalls.retrying { calls.open(name, flags, mode) }
        guard descriptor >= 0 else { throw StorageError(errno: Int32(-descriptor), "open", name) }
        return Int32(descriptor)
    }

    package func exists(_ path: String) throws(StorageError) -> Bool {
        var status = stat()
        if unsafe stat(displayName(of: path), &status) == 0 { return true }
        guard errno == ENOENT else { throw StorageError(errno: errno, "look for", displayName(of: path)) }
        return false
    }

    package func byteCount(of path: String) throws(StorageError) -> Int {
        var status = stat()
        try check(unsafe stat(displayName(of: path), &status), "look for", path)
        return Int(status.st_size)
    }

    package func list(_ folder: String) throws(StorageError) -> [String] {
        let descriptor = try descriptor(displayName(of: folder), O_RDONLY | O_DIRECTORY, 0)
        guard let handle = unsafe fdopendir(descriptor) else {
            let reason = errno
            Glibc.close(descriptor)
            throw StorageError(errno: reason, "list", displayName(of: folder))
        }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw StorageError(errno: errno, "list", displayName(of: folder)) }
        return names.sorted()
    }

    package func makeFolder(_ path: String) throws(StorageError) {
        if path.isEmpty {
            try makeDataFolder()
        } else {
            let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            try makeFolder(parent)
            if unsafe mkdir(displayName(of: path), 0o750) != 0, errno != EEXIST {
                throw StorageError(errno: errno, "make", displayName(of: path))
            }
            // Also where it was there already: whoever made it may have ended before its name was durable.
            try syncFolder(parent)
        }
    }

    /// The data folder itself, with the folders above it.
    private func makeDataFolder() throws(StorageError) {
        if try exists("") { return }
        var path = "", parent = folder.hasPrefix("/") ? "/" : "."
        for node in folder.split(separator: "/", omittingEmptySubsequences: false) {
            if node.isEmpty { continue }
            path += path.isEmpty && !folder.hasPrefix("/") ? String(node) : "/" + node
            defer { parent = path }
            if node == "." || node == ".." { continue }
            if unsafe mkdir(path, 0o750) == 0 {
                try syncFolder(named: parent)
            } else if errno != EEXIST {
                throw StorageError(errno: errno, "make", path)
            }
        }
    }

    package func syncFolder(_ path: String) throws(StorageError) { try syncFolder(named: displayName(of: path)) }

    private func syncFolder(named name: String) throws(StorageError) {
        let descriptor = try descriptor(name, O_RDONLY | O_DIRECTORY, 0)
        defer { Glibc.close(descriptor) }
        let result = FileCalls.retrying { calls.sync(descriptor) }
        guard result == 0 else { throw StorageError(errno: Int32(-result), "sync", name) }
    }

    package func rename(_ path: String, to target: String) throws(StorageError) {
        try check(unsafe Glibc.rename(displayName(of: path), displayName(of: target)), "rename", path)
    }

    package func remove(_ path: String) throws(StorageError) {
        try check(unsafe unlink(displayName(of: path)), "remove", path)
    }

    package func removeFolder(_ path: String) throws(StorageError) {
        try check(unsafe rmdir(displayName(of: path)), "remove", path)
    }

    package func lock(_ path: String) throws(StorageError) -> any StorageLock {
        let name = displayName(of: path)
        let descriptor = try descriptor(name, O_RDWR | O_CREAT, 0o640)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            Glibc.close(descriptor)
            guard reason == EWOULDBLOCK else { throw StorageError(errno: reason, "lock", name) }
            throw StorageError(
                .locked,
                "\(name) is locked by another process: only one server may use the data folder \(folder) at a time")
        }
        return POSIXLock(descriptor: descriptor)
    }

    private func check(_ result: Int32, _ action: String, _ path: String) throws(StorageError) {
        guard result == 0 else { throw StorageError(errno: errno, action, displayName(of: path)) }
    }
}

extension StorageError {
    /// The error of a failed system call on a file.
    init(errno number: Int32, _ action: String, _ name: String) {
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT, EFBIG: .full
            case ENOENT: .notFound
            case EEXIST: .exists
            default: .io
            }
        let reason = unsafe String(cString: strerror(number))
        let remedy =
            switch number {
            case EMFILE, ENFILE:
                "; raise the limit of open files (ulimit -n, LimitNOFILE=) or lower tsfile_open_files_max"
            case EROFS:
                "; the file system is mounted read-only, often after an error of the disk: look at the system's log"
            case EACCES, EPERM: "; it has to belong to the user that the server runs as"
            default: ""
            }
        self.init(code, "cannot \(action) \(name): \(reason)\(remedy)")
    }
}
