// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing

@testable import apus

@Suite struct CommandLineTests {
    private func parse<Command: ParsableCommand>(_ words: String..., as type: Command.Type = Command.self) throws
        -> Command
    {
        try #require(try Apus.parseAsRoot(words) as? Command)
    }

    @Test func serve() throws {
        let command: ServeCommand = try parse("serve", "--config", "x.properties", "--set", "a=b", "--set", "c=d=e")
        #expect(command.options.config == "x.properties")
        #expect(command.options.set == ["a=b", "c=d=e"])
        let short: ServeCommand = try parse("serve", "-c", "conf")
        #expect(short.options.config == "conf")
        #expect(short.options.set == [])
    }

    @Test func config() throws {
        let command: ConfigCommand = try parse("config", "--changed", "--set", "mqtt_port=1")
        #expect(command.changed && !command.template && !command.markdown)
        #expect(command.options.set == ["mqtt_port=1"])
        _ = try parse("check-config", "--config", "x", as: CheckConfigCommand.self)
        _ = try parse("version", as: VersionCommand.self)
    }

    @Test func userPassword() throws {
        let command: UserPasswordCommand = try parse(
            "user", "passwd", "sensor", "-h", "10.0.0.1", "-p", "1", "-u", "admin", "-pw", "secret")
        #expect(command.name == "sensor")
        #expect(command.server.host == "10.0.0.1")
        #expect(command.server.port == 1)
        #expect(command.server.user == "admin")
        #expect(command.server.givenPassword == "secret")
        #expect(command.dataDir == nil)
        let offline: UserPasswordCommand = try parse("user", "passwd", "root", "--data-dir", "/data")
        #expect(offline.dataDir == "/data")
        #expect(throws: (any Error).self) { try Apus.parseAsRoot(["user", "passwd"]) }
    }

    @Test func bench() throws {
        let command: BenchCommand = try parse(
            "bench", "--host", "h", "--port", "2", "--user", "", "--connections", "50", "--in-flight", "20", "--qos",
            "2",
            "--rows", "100", "--measurements", "5", "--messages", "10", "--mqtt-version", "3.1.1", "--json")
        #expect(command.host == "h" && command.port == 2 && command.user == "" && command.json)
        #expect(command.connections == 50 && command.inFlight == 20 && command.qos == 2)
        #expect(command.rows == 100 && command.measurements == 5 && command.messages == 10)
        #expect(command.mqttVersion == .v3_1_1)
    }

    @Test(arguments: [
        ["bench", "--qos", "3"], ["bench", "--connections", "0"], ["bench", "--in-flight", "65536"],
        ["bench", "--mqtt-version", "4"], ["bench", "--messages", "-1"], ["serve", "--unknown"], ["frobnicate"],
        ["serve", "extra"],
    ])
    func wrongUsage(words: [String]) {
        #expect { try Apus.parseAsRoot(words) } throws: { Apus.exitCode(for: $0) == ExitCode.validationFailure }
    }

    /// Every command explains itself with its exit codes.
    @Test func helpIsUseful() {
        let commands: [any ParsableCommand.Type] = [
            ServeCommand.self, SQLCommand.self, CheckConfigCommand.self, ConfigCommand.self, UserCommand.self,
            UserPasswordCommand.self, BenchCommand.self, VersionCommand.self,
        ]
        for command in commands {
            let help = Apus.helpMessage(for: command, columns: 120)
            #expect(help.count > 200, "\(command)")
            #expect(help.contains("Exit code"), "\(command)")
        }
    }

    @Test(arguments: [
        ("root", "secret", "ALTER USER `root` SET PASSWORD 'secret'"),
        ("a`b", "it's", "ALTER USER `a``b` SET PASSWORD 'it''s'"),
    ])
    func passwordsAreQuoted(user: String, password: String, expected: String) {
        #expect(PasswordStatement(user: user, password: password).text == expected)
    }
}
