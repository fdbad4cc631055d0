// SPDX-License-Identifier: Apache-2.0

import FuzzTargets
import Glibc

/// `fuzz [TARGET ...] [--seconds N] [--rounds N] [--seed N] [--round N] [--verbose]`: see `Fuzz/README.md`.
@main
struct FuzzCommand {
    private var targets: [String] = []
    private var seconds = 60
    private var rounds = UInt64.max
    private var seed: UInt64 = 1
    private var firstRound: UInt64 = 0
    private var isVerbose = false

    static func main() throws {
        var command = FuzzCommand()
        guard command.read(Array(CommandLine.arguments.dropFirst())) else {
            print("usage: fuzz [tsfile|log ...] [--seconds N] [--rounds N] [--seed N] [--round N] [--verbose]")
            exit(2)
        }
        try command.run()
    }

    private mutating func read(_ arguments: [String]) -> Bool {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                targets.append(argument)
                continue
            }
            if argument == "--verbose" {
                isVerbose = true
                continue
            }
            guard let number = rest.popFirst().flatMap(UInt64.init) else { return false }
            switch argument {
            case "--seconds": seconds = Int(clamping: number)
            case "--rounds": rounds = number
            case "--seed": seed = number
            case "--round":
                firstRound = number
                rounds = 1
            default: return false
            }
        }
        return true
    }

    private func run() throws {
        let all = try FuzzTargets.all(in: ".")
        let chosen = all.filter { targets.isEmpty || targets.contains($0.name) }
        guard !chosen.isEmpty else {
            print("there is no such target; there are: \(all.map(\.name).joined(separator: ", "))")
            exit(2)
        }
        var findings = 0
        for target in chosen { findings += run(target, seconds: seconds / chosen.count) }
        exit(findings > 0 ? 1 : 0)
    }

    /// Returns how many findings there were.
    private func run(_ target: any FuzzTarget, seconds: Int) -> Int {
        let start = time(nil)
        var round = firstRound, findings = 0, latestLine = start
        while round - firstRound < rounds, time(nil) - start < seconds, findings < 10 {
            if isVerbose { print("\(target.name) --seed \(seed) --round \(round)") }
            do {
                try target.run(seed: seed, round: round)
            } catch {
                findings += 1
                print("FOUND by: fuzz \(target.name) --seed \(seed) --round \(round)\n  \(error)")
            }
            round += 1
            let now = time(nil)
            if now - latestLine >= 10 {
                latestLine = now
                print("\(target.name): round \(round), seed \(seed)")
                fflush(nil)
            }
        }
        print("\(target.name): \(round - firstRound) rounds, seed \(seed), \(findings) findings")
        fflush(nil)
        return findings
    }
}
