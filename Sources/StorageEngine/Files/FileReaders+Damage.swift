// SPDX-License-Identifier: Apache-2.0

import Logging
import TsFile

extension FileReaders {
    /// What a query or a compaction is told when reading a file ended with this error. From then on the file is no input of
    /// compactions, which would stop at it again and again; the first time it is logged.
    func failed(_ error: TsFileError, _ file: StoredFile) -> StorageError {
        let failure = StorageError(error, file)
        guard error.code != .limitExceeded, file.body.noteDamage(failure) else { return failure }
        logger.error(
            "a data file is damaged; it is set aside from compaction, and queries of what it holds fail",
            metadata: ["file": "\(file.displayName)", "reason": "\(failure)"])
        return failure
    }
}

extension StorageError {
    /// What an operator can do about a damaged file; the end of a sentence.
    static let damageRemedy = "run `apus check`, and put the file back from a backup"

    /// What reading a TsFile ended with, with the file's name.
    init(_ error: TsFileError, _ file: StoredFile) {
        if let cause = error.underlying as? StorageError {
            // It names the file itself.
            self = cause
        } else if error.code == .corrupt || error.code == .notATsFile {
            self.init(.corrupt, "\(file.displayName): \(error); \(Self.damageRemedy)")
        } else {
            self.init(error.code == .readFailed ? .io : .corrupt, "\(file.displayName): \(error)")
        }
    }
}
