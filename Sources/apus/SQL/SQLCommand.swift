// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import TimeSeriesModel

/// `apus sql`: statements to a running server.
struct SQLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Query a running server: interactively, from -e, or from standard input.",
        discussion: """
            Takes the flags of IoTDB's command line. Statements are separated by `;`. Without -pw the password comes from
            the environment variable APUS_PASSWORD, else `root` is tried, and a terminal is asked when that is refused.

              apus sql                                            interactive, with history
              apus sql -e "select * from root.sg.d1 limit 10"
              apus sql --format csv -e "select * from root.**" > all.csv
              echo "show databases; count timeseries" | apus sql

            Exit codes: 0 all statements done; 1 a statement was refused (its code is IoTDB's); 3 the server cannot be
            reached or refuses the login; 64 wrong usage.
            """, helpNames: [.long])

    @OptionGroup var server: ServerOptions

    @Option(name: .customShort("e"), help: "Execute these statements and exit.")
    var statements: String?

    @Option(help: "How rows are printed: table, csv or json.")
    var format: ResultFormat = .table

    @Option(help: "Most rows of one result (708 beyond): they are gathered in memory.")
    var rowLimit = 1_000_000

    @Option(help: "The unit of the server's times, where it does not tell: ms, us or ns.")
    var precision: String?

    func validate() throws {
        guard rowLimit > 0 else { throw ValidationError("--row-limit must be above 0.") }
        guard precision == nil || TimestampPrecision(rawValue: precision ?? "") != nil else {
            throw ValidationError("--precision is ms, us or ns.")
        }
    }

    func run() async throws {
        let code = await execute()
        if code != 0 { throw ExitCode(code) }
    }

    private func execute() async -> Int32 {
        do throws(SQLClientError) {
            let (transport, precision) = try await connect()
            let shell = SQLShell(transport: transport, format: format, precision: precision, rowLimit: rowLimit)
            let code = await serve(shell)
            await transport.close()
            return code
        } catch {
            writeError("apus sql: \(error.message)\n")
            return error.exitCode
        }
    }

    private func serve(_ shell: SQLShell) async -> Int32 {
        if let statements { return await shell.run(all: statements) }
        guard isatty(0) == 1 else { return await shell.run(all: Self.standardInput()) }
        return await shell.interact(greeting: "Apus at \(server.host):\(server.port). Type help, or a statement.")
    }

    /// Logs in by asking for the unit of times; asks a terminal for the password when the default one is refused.
    private func connect() async throws(SQLClientError) -> (any SQLTransport, TimestampPrecision) {
        let known = precision.flatMap(TimestampPrecision.init(rawValue:))
        var transport = server.transport(password: server.givenPassword ?? "root")
        do throws(SQLClientError) {
            return (transport, try await SQLVariables.precision(transport, known: known))
        } catch {
            await transport.close()
            guard case .unauthorized = error, server.givenPassword == nil, isatty(0) == 1,
                let password = unsafe getpass("Password of \(server.user): ")
            else { throw error }
            transport = server.transport(password: unsafe String(cString: password))
        }
        do throws(SQLClientError) {
            return (transport, try await SQLVariables.precision(transport, known: known))
        } catch {
            await transport.close()
            throw error
        }
    }

    private static func standardInput() -> String {
        var text = ""
        while let line = readLine(strippingNewline: false) { text += line }
        return text
    }
}

/// Which server, and as whom: the flags of IoTDB's command line.
struct ServerOptions: ParsableArguments {
    @Option(name: [.customShort("h"), .long], help: "The server's host.")
    var host = "127.0.0.1"

    @Option(name: [.customShort("p"), .long], help: "The server's REST port.")
    var port = 18_080

    @Option(name: [.customShort("u"), .customLong("user")], help: "The user.")
    var user = "root"

    @Option(
        name: [.customLong("pw", withSingleDash: true), .customLong("password")],
        help: "The password. Others on this machine can see it; APUS_PASSWORD is safer.")
    var password: String?

    /// The password from the flag or the environment; nil = none was given.
    var givenPassword: String? {
        if let password { return password }
        guard let text = unsafe getenv("APUS_PASSWORD") else { return nil }
        return unsafe String(cString: text)
    }

    func transport(password: String) -> any SQLTransport {
        RESTTransport(host: host, port: port, user: user, password: password)
    }
}

/// What the command line asks a server about itself.
enum SQLVariables {
    /// The unit of its times; also tells whether it is there and accepts the login.
    static func precision(
        _ transport: any SQLTransport, known: TimestampPrecision?
    ) async throws(SQLClientError) -> TimestampPrecision {
        do throws(SQLClientError) {
            guard case .rows(let rows) = try await transport.execute("show variables", rowLimit: 1_000),
                rows.columns.count == 2
            else { return known ?? .milliseconds }
            for (name, value) in zip(rows.values[0], rows.values[1])
            where name == .text("TimestampPrecision") {
                if case .text(let unit) = value, let precision = TimestampPrecision(rawValue: unit) {
                    return known ?? precision
                }
            }
        } catch {
            // An older or foreign server may not know the statement: that is no reason to give up.
            if case .refused = error { return known ?? .milliseconds }
            throw error
        }
        return known ?? .milliseconds
    }
}
