// SPDX-License-Identifier: Apache-2.0

import Glibc
import StorageTestSupport
import Synchronization
import Testing

@testable import StorageEngine

/// System calls that are interrupted, do half, or fail.
@Suite struct SystemCallTests {
    /// What the next calls do instead of what the system does; one that is not on the list does that.
    private final class Script: Sendable {
        private let steps: Mutex<[Int?]>

        init(_ steps: [Int?]) { self.steps = Mutex(steps) }

        /// nil = as the system does it; positive = at most so many bytes; negative = this error.
        func next() -> Int? { steps.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        var isDone: Bool { steps.withLock { $0.isEmpty } }
    }

    private static func calls(write: Script = Script([]), read: Script = Script([])) -> FileCalls {
        var calls = FileCalls.system
        unsafe calls.write = { descriptor, bytes, offset in
            guard let step = write.next() else { return unsafe FileCalls.system.write(descriptor, bytes, offset) }
            guard step > 0 else { return step }
            let part = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(step))
            return unsafe FileCalls.system.write(descriptor, part, offset)
        }
        unsafe calls.read = { descriptor, bytes, offset in
            guard let step = read.next() else { return unsafe FileCalls.system.read(descriptor, bytes, offset) }
            guard step > 0 else { return step }
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(step))
            return unsafe FileCalls.system.read(descriptor, part, offset)
        }
        return calls
    }

    private static let interrupted = -Int(EINTR)

    @Test func shortAndInterruptedWritesAndReadsGoOn() throws {
        let folder = TemporaryFolder()
        let write = Script([3, Self.interrupted, 1, Self.interrupted, Self.interrupted, 5])
        let read = Script([Self.interrupted, 2, 4, Self.interrupted, 1])
        let fileSystem = POSIXFileSystem(folder: folder.path, calls: Self.calls(write: write, read: read))
        let file = try fileSystem.createFile("a")
        let bytes = [UInt8](0..<100)
        try file.append(bytes.span)
        #expect(file.byteCount == 100 && write.isDone)
        #expect(try file.read(at: 0, count: 100) == bytes)
        #expect(read.isDone)
        try file.append([100].span)
        #expect(try file.read(at: 98, count: 3) == [98, 99, 100])
    }

    @Test func aDiskThatFillsUpInTheMiddleOfAWriteIsSaidToBeFull() throws {
        let folder = TemporaryFolder()
        let script = Script([40, -Int(ENOSPC)])
        let fileSystem = POSIXFileSystem(folder: folder.path, calls: Self.calls(write: script))
        let file = try fileSystem.createFile("a")
        let error = #expect(throws: StorageError.self) { try file.append([UInt8](repeating: 1, count: 100).span) }
        #expect(error?.code == .full && error?.message.contains("\(folder.path)/a") == true)
        // What is there is known: the bytes that went out.
        #expect(file.byteCount == 40)
        // A file system that takes nothing and says nothing must not hold the writer for ever.
        let silent = POSIXFileSystem(folder: folder.path, calls: Self.calls(write: Script([0])))
        #expect(throws: StorageError.self) { try silent.createFile("b").append([1].span) }
    }

    @Test func anUnreadableSectorNamesFileAndOffset() throws {
        let folder = TemporaryFolder()
        let fileSystem = POSIXFileSystem(folder: folder.path, calls: Self.calls(read: Script([8, -Int(EIO)])))
        let file = try fileSystem.createFile("a")
        try file.append([UInt8](repeating: 1, count: 100).span)
        let error = #expect(throws: StorageError.self) { try file.read(at: 10, count: 20) }
        #expect(error?.code == .io && error?.message.contains("/a at offset 18") == true)
        // The next try may work, and a short file is damage, not an endless loop.
        #expect(try file.read(at: 10, count: 20).count == 20)
        let short = POSIXFileSystem(folder: folder.path, calls: Self.calls(read: Script([8, 0])))
        let corrupt = #expect(throws: StorageError.self) { try short.openFile("a").read(at: 0, count: 50) }
        #expect(corrupt?.code == .corrupt)
    }

    @Test func failedSyncsOfFilesAndFoldersAreErrors() throws {
        let folder = TemporaryFolder()
        var calls = FileCalls.system
        let script = Script([Self.interrupted, -Int(EIO), Self.interrupted, 0])
        calls.syncData = { _ in script.next() ?? 0 }
        let folders = Script([Self.interrupted, -Int(EIO)])
        calls.sync = { descriptor in folders.next() ?? FileCalls.system.sync(descriptor) }
        let fileSystem = POSIXFileSystem(folder: folder.path, calls: calls)
        let file = try fileSystem.createFile("a")
        var error = #expect(throws: StorageError.self) { try file.sync() }
        #expect(error?.code == .io && error?.message.contains("/a") == true)
        try file.sync()
        #expect(script.isDone)
        error = #expect(throws: StorageError.self) { try fileSystem.syncFolder("") }
        #expect(error?.code == .io && error?.message.contains(folder.path) == true)
        try fileSystem.syncFolder("")
    }

    @Test(arguments: [EMFILE, ENFILE, EACCES, EROFS]) func noFileMoreIsAnErrorThatNamesTheRemedy(number: Int32) throws {
        let folder = TemporaryFolder()
        var calls = FileCalls.system
        let script = Script(Array(repeating: -Int(number), count: 5))
        calls.open = { name, flags, mode in script.next() ?? FileCalls.system.open(name, flags, mode) }
        let fileSystem = POSIXFileSystem(folder: folder.path, calls: calls)
        for attempt in 0..<5 {
            let error = #expect(throws: StorageError.self) {
                switch attempt {
                case 0: _ = try fileSystem.createFile("a")
                case 1: _ = try fileSystem.lock("LOCK")
                case 2: _ = try fileSystem.list("")
                case 3: try fileSystem.syncFolder("")
                default: try fileSystem.makeFolder("x")
                }
            }
            #expect(error?.code == .io && error?.message.contains(";") == true, "\(attempt)")
        }
        // And it is over when files can be opened again.
        try fileSystem.makeFolder("x")
        _ = try fileSystem.createFile("a")
        #expect(try fileSystem.list("") == ["a", "x"])
    }
}
