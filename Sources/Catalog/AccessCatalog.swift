// SPDX-License-Identifier: Apache-2.0

/// What access control needs of a catalog. Every call is blocking, and a change is durable when it returns: users and
/// grants commit at once, they do not wait for a checkpoint (design section 4.4).
package protocol AccessCatalog: Sendable {
    /// Reads all users and grants.
    func loadAccess() throws(CatalogError) -> AccessState

    /// Adds a user or replaces the one with this id.
    func putUser(_ user: UserRecord) throws(CatalogError)

    /// Removes a user and its grants; no user with this id is no error.
    func deleteUser(id: Int64) throws(CatalogError)

    /// Adds grants or replaces those with the same user, privilege and pattern; all of them or none.
    func putGrants(_ grants: [GrantRecord]) throws(CatalogError)

    /// Removes grants by user, privilege and pattern; all of them or none. A missing one is no error.
    func deleteGrants(_ grants: [GrantRecord]) throws(CatalogError)
}
