// SPDX-License-Identifier: Apache-2.0

import CPlatform
import Glibc

/// The system calls behind ``POSIXFileSystem`` that may fail half-way: tests put theirs in their place, which are interrupted, do
/// less than they were asked to, or fail. Each returns what the system call does, or the negative number of the error.
@safe
struct FileCalls: Sendable {
    var open: @Sendable (_ name: String, _ flags: Int32, _ mode: UInt32) -> Int
    var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int
    var read: @Sendable (_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer, _ offset: Int) -> Int
    /// `fdatasync`.
    var syncData: @Sendable (_ descriptor: Int32) -> Int
    /// `fsync`, for folders.
    var sync: @Sendable (_ descriptor: Int32) -> Int

    /// The system's.
    static let system = unsafe FileCalls(
        open: { name, flags, mode in unsafe Int(apus_open(name, flags, mode)) },
        write: { descriptor, bytes, offset in
            result(unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset)))
        },
        read: { descriptor, bytes, offset in
            result(unsafe pread(descriptor, bytes.baseAddress, bytes.count, off_t(offset)))
        },
        syncData: { result(Int(fdatasync($0))) },
        sync: { result(Int(fsync($0))) })

    private static func result(_ value: Int) -> Int { value < 0 ? -Int(errno) : value }

    /// Repeats a call that was interrupted before it did anything.
    static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result != -Int(EINTR) { return result }
        }
    }
}
