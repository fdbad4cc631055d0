// SPDX-License-Identifier: Apache-2.0

import ApusServer
import ArgumentParser

/// `apus user`.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Change users of a running or of a stopped server.",
        discussion: """
            `apus user passwd NAME` sets a password. Everything else about users is SQL, for `apus sql`:

              CREATE USER sensor 'a long password'
              GRANT WRITE_DATA, WRITE_SCHEMA ON root.plant.** TO USER sensor
              LIST USER; LIST PRIVILEGES OF USER sensor; DROP USER sensor

            Exit codes: see `apus user passwd --help`.
            """,
        subcommands: [UserPasswordCommand.self])
}

/// `apus user passwd`.
struct UserPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd",
        abstract: "Set a user's password.",
        discussion: """
            The new password is asked for twice: on the terminal without showing it, otherwise as two lines of standard input.
            With --data-dir it is set in the folder of a stopped server (for a forgotten password of root); otherwise through
            the running server, as the user of -u and -pw. Without -pw the current password comes from APUS_PASSWORD,
            otherwise a terminal is asked, and `root` is tried where there is none.

              apus user passwd root
              apus user passwd sensor -h 10.0.0.5 -u root -pw secret
              printf 'new\\nnew\\n' | apus user passwd root --data-dir /var/lib/apus

            Exit codes: 0 the new password holds; 1 it was refused, or the two do not match; 3 the server cannot be reached
            or refuses the login; 64 wrong usage.
            """, helpNames: [.long])

    @Argument(help: "The user whose password is set.")
    var name: String

    @OptionGroup var server: ServerOptions

    @Option(help: "The data folder of a stopped server.")
    var dataDir: String?

    func run() async throws {
        let current = dataDir == nil ? currentPassword() : nil
        guard let password = PasswordPrompt.newPassword(of: name) else {
            writeError("apus user passwd: the two passwords do not match, nothing was changed\n")
            throw Exit.failed
        }
        if let dataDir {
            try setOffline(password, in: dataDir)
        } else {
            try await setOnline(password, as: current ?? "")
        }
        writeOutput("The password of \(name) is changed.\n")
    }

    private func currentPassword() -> String {
        server.givenPassword ?? PasswordPrompt.onTerminal("Password of \(server.user): ") ?? "root"
    }

    private func setOffline(_ password: String, in folder: String) throws {
        do {
            try StoppedServer.setPassword(dataFolder: folder, user: name, password: password)
        } catch {
            writeError("apus user passwd: \(error)\n")
            throw Exit.failed
        }
    }

    private func setOnline(_ password: String, as current: String) async throws {
        let transport = server.transport(password: current)
        let statement = PasswordStatement(user: name, password: password).text
        do throws(SQLClientError) {
            _ = try await transport.execute(statement, rowLimit: 1)
        } catch {
            await transport.close()
            writeError("apus user passwd: \(error.message)\n")
            throw ExitCode(error.exitCode)
        }
        await transport.close()
    }
}

/// The statement that sets a password, whatever its characters.
struct PasswordStatement {
    var user: String
    var password: String

    var text: String { "ALTER USER \(quotedUser) SET PASSWORD '\(password.replacing("'", with: "''"))'" }

    /// In back quotes, as every name may be.
    private var quotedUser: String { "`\(user.replacing("`", with: "``"))`" }
}
