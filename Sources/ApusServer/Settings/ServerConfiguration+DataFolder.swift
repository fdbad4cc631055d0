// SPDX-License-Identifier: Apache-2.0

extension ServerConfiguration {
    /// `data_dir`.
    package var dataFolder: String { self[StorageKeys.dataFolder] }
}
