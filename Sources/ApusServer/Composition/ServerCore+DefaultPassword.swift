// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging

extension ServerCore {
    /// As long as root has the manual's password, every start says so with the remedy.
    func noteDefaultPassword(_ logger: Logger) {
        guard let users = try? catalog.loadAccess().users,
            users.contains(where: { $0.name == "root" && $0.isDefaultPassword })
        else { return }
        logger.notice(
            "the user root still has the default password: it works from this machine only until it is changed with `apus user passwd root`"
        )
    }
}
