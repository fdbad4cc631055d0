// SPDX-License-Identifier: Apache-2.0

/// Who acts: a user whose credentials were checked, or one that the server itself names (anonymous clients).
/// It stays what it was when its user is dropped, but then holds no rights, and its id never names somebody else.
package struct Principal: Sendable, Hashable {
    /// 0 = `root`; never reused.
    package let id: Int64
    package let name: String

    package init(id: Int64, name: String) {
        self.id = id
        self.name = name
    }

    /// The administrator that every right belongs to.
    package static let root = Principal(id: 0, name: "root")
}
