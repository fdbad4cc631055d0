// SPDX-License-Identifier: Apache-2.0

/// The catalog file (`docs/format/catalog.md`).
package final class SQLiteCatalog: StorageCatalog, AccessCatalog {
    package init(path: String) throws(CatalogError) {
        throw CatalogError(isTemporary: false, message: "not supported")
    }
    package func close() throws(CatalogError) {}
    package func load() throws(CatalogError) -> CatalogState { CatalogState() }
    package func commit(_ transaction: CheckpointTransaction) throws(CatalogError) {}
    package func entries(
        of participant: UInt8, after: [UInt8]?, limit: Int
    ) throws(CatalogError) -> [ParticipantEntry] { [] }
    package func loadAccess() throws(CatalogError) -> AccessState { AccessState() }
    package func putUser(_ user: UserRecord) throws(CatalogError) {}
    package func deleteUser(id: Int64) throws(CatalogError) {}
    package func putGrants(_ grants: [GrantRecord]) throws(CatalogError) {}
    package func deleteGrants(_ grants: [GrantRecord]) throws(CatalogError) {}
}
